#include "core/exporting/export_format.h"

#include <algorithm>
#include <functional>
#include <unordered_set>
#include <utility>

#include <fmt/ranges.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/path.h"
#include "core/exporting/csv.h"
#include "core/exporting/export_formats.h"

namespace inkling {
namespace {

// Valid UTF-8 throughout: all files are UTF-8.
ExportSetup cleaned(ExportSetup setup) {
  if (setup.categories.empty()) fail<UsageError>("an export needs a category to look for");
  std::unordered_set<std::string> names;
  for (ExportCategory& category : setup.categories) {
    category.name = toValidUtf8(category.name);
    if (category.name.empty()) fail<UsageError>("a category has no name");
    if (!names.insert(category.name).second)
      fail<UsageError>("two categories are called \"{}\"", category.name);
  }
  setup.folder = toValidUtf8(setup.folder);
  return setup;
}

}  // namespace

std::vector<std::filesystem::path> ExportFormat::plannedFiles(const std::filesystem::path&) const {
  return {};
}

std::vector<std::filesystem::path> ExportFormat::writtenFiles(
    const ExportedPhoto&, const std::filesystem::path& name) const {
  return plannedFiles(name);
}

void ExportFormat::writeWhole(const ExportRecords&, const std::filesystem::path&) const {}

const std::vector<std::string>& exportFormatNames() {
  static const std::vector<std::string> names = {"coco", "yolo", "voc", "csv", "pictures", "crops"};
  return names;
}

std::unique_ptr<ExportFormat> makeExportFormat(const std::string& name, const ExportSetup& setup,
                                               const std::filesystem::path& out) {
  const auto& names = exportFormatNames();
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    fail<UsageError>("\"{}\" is no format of exports; there are {}", toValidUtf8(name),
                     fmt::join(names, ", "));
  }
  const ExportSetup clean = cleaned(setup);
  if (name == "coco") return makeCocoExport(clean);
  if (name == "yolo") return makeYoloExport(clean, out);
  if (name == "voc") return makeVocExport(clean);
  if (name == "csv") return makeCsvExport(clean);
  return name == "pictures" ? makePictureExport(clean) : makeCropExport(clean);
}

void writeFailures(const std::filesystem::path& out, const std::vector<FailedPhoto>& failed) {
  AtomicFile file(out / "failures.csv");
  file.write("photo,reason\r\n");
  for (const FailedPhoto& photo : failed) {
    file.write(fmt::format("{},{}\r\n", csvField(displayName(photo.path)),
                           csvField(toValidUtf8(photo.error))));
  }
  file.commit();
}

}  // namespace inkling
