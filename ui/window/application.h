// Starts the window: the one door from the program into ui/.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/inference/localizer.h"

namespace inkling {

struct ApplicationOptions {
  std::string version;
  std::filesystem::path resources, model;  ///< see WindowOptions
  std::string modelProblem;
  LocalizerOptions localizer;
  std::vector<std::filesystem::path> sources;
  std::filesystem::path session;  ///< a script that is played (session_player.h); empty: none
};

/// Runs until the window is closed. Throws DisplayError when there is no display to show it on.
int runApplication(int argc, char** argv, const ApplicationOptions& options);

}  // namespace inkling
