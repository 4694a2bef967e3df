// Photos, names and folders that the tests of exports share.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/exporting/export_format.h"
#include "core/exporting/export_photo.h"
#include "core/exporting/export_setup.h"

namespace inkling {

/// An empty folder that goes away with the object.
class TestFolder {
 public:
  TestFolder();
  ~TestFolder();
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Three categories, one of them with a name that every format has to escape.
ExportSetup threeCategories();

/// Names that are hard on file systems, CSV, XML and JSON: line breaks, quotes, control characters,
/// bytes that are no UTF-8, 250 bytes, names that an export needs for itself, folders called like
/// files of an export.
std::vector<std::filesystem::path> hardNames();

/// A rounded record with boxes of all sizes, also at the border and thinner than a pixel.
ExportedPhoto randomPhoto(const std::filesystem::path& path, Size size, std::size_t boxes,
                          std::size_t categories, Random& random);

/// One record for each of the hard names: photos of 1 x 1 to 30000 x 20000 pixels, 0 to 500 boxes.
std::vector<ExportedPhoto> hardPhotos(std::size_t categories, Random& random);

ExportRecords walkOver(const std::vector<ExportedPhoto>& photos);

/// Writes everything that `format` makes of photos that need no picture.
void exportAll(const ExportFormat& format, const std::vector<ExportedPhoto>& photos,
               const std::filesystem::path& out);

/// The files below a folder, sorted, relative to it.
std::vector<std::string> filesBelow(const std::filesystem::path& folder);

}  // namespace inkling
