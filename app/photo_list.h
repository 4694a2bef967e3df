// From the photos and folders of a command line to a list of files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/exporting/find_report.h"

namespace inkling {

struct PhotoList {
  std::vector<std::filesystem::path> files;  ///< in the order given, folders in natural order
  std::vector<FailedPhoto> failed;           ///< missing, not readable, or a folder without photos
};

/// Never throws for what is not there. A file that is named twice is listed once.
PhotoList listPhotos(const std::vector<std::string>& arguments);

}  // namespace inkling
