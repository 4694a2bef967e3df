// What an export is asked to do.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/exporting/export_setup.h"
#include "core/search/shard.h"

namespace inkling {

/// What is exported.
struct ExportPlan {
  std::filesystem::path folder, out;
  /// Below the folder; none: those that are there.
  std::optional<std::vector<std::filesystem::path>> photos;
  std::string format;  ///< one of exportFormatNames()
  ExportSetup setup;
  /// All else that the files depend on (which drawings): a job is resumed only with the same.
  Json query;
  Shard shard;
};

}  // namespace inkling
