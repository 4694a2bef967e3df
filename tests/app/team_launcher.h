// Starting the program as several processes of one MPI run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/app/program.h"

namespace inkling {

constexpr const char* kTeamLauncher = "/usr/bin/mpirun";

/// Why no team can be started here; empty when one can.
inline std::string noTeamBecause() {
#ifndef INKLING_MPI
  return "built without MPI (package libopenmpi-dev)";
#else
  if (std::filesystem::exists(kTeamLauncher)) return "";
  return std::string(kTeamLauncher) + " is missing (package openmpi-bin)";
#endif
}

/// Four processes; `options` go to mpirun.
inline std::vector<std::string> teamOfFour(const std::vector<std::string>& options = {}) {
  std::vector<std::string> command{kTeamLauncher, "--oversubscribe"};
  command.insert(command.end(), options.begin(), options.end());
  command.insert(command.end(), {"-n", "4"});
  return command;
}

/// Open MPI starts nothing for root unless told so twice.
inline Environment teamEnvironment() {
  return {{"OMPI_ALLOW_RUN_AS_ROOT", "1"}, {"OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"}};
}

}  // namespace inkling
