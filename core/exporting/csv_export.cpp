#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/base/path.h"
#include "core/exporting/csv.h"
#include "core/exporting/export_categories.h"
#include "core/exporting/export_formats.h"

namespace inkling {
namespace {

constexpr const char* kFile = "detections.csv";

class CsvExport : public ExportFormat {
 public:
  explicit CsvExport(ExportSetup setup) : setup_(std::move(setup)) {}

  std::string name() const override { return "csv"; }
  std::vector<ExportFile> filesOf(const ExportedPhoto& photo, const std::filesystem::path&,
                                  const ExportPictures&) const override {
    requireCategories(photo, setup_);
    return {};
  }
  std::vector<std::filesystem::path> wholeFiles() const override { return {kFile}; }

  void writeWhole(const ExportRecords& records, const std::filesystem::path& out) const override {
    AtomicFile file(out / kFile);
    file.write("photo,category,score,x,y,width,height,photo_width,photo_height\r\n");
    std::string rows;
    records([&](const ExportedPhoto& photo) {
      requireCategories(photo, setup_);
      rows.clear();
      const std::string name = csvField(displayName(photo.path.generic_string()));
      for (const ExportedBox& exported : photo.boxes) {
        const Box& box = exported.found.box;
        fmt::format_to(std::back_inserter(rows), "{},{},{},{},{},{},{},{},{}\r\n", name,
                       csvField(setup_.categories[exported.category].name), exported.found.score,
                       box.x, box.y, box.width, box.height, photo.size.width, photo.size.height);
      }
      file.write(rows);
    });
    file.commit();
  }

 private:
  ExportSetup setup_;
};

}  // namespace

std::unique_ptr<ExportFormat> makeCsvExport(const ExportSetup& setup) {
  return std::make_unique<CsvExport>(setup);
}

}  // namespace inkling
