#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "core/base/path.h"
#include "core/exporting/csv.h"
#include "core/exporting/export_formats.h"
#include "core/exporting/whole_file_export.h"

namespace inkling {
namespace {

class CsvExport : public WholeFileExport {
 public:
  explicit CsvExport(ExportSetup setup)
      : WholeFileExport(std::move(setup), "csv", "detections.csv") {}

 protected:
  void write(const ExportRecords& records, AtomicFile& file) const override {
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
  }
};

}  // namespace

std::unique_ptr<ExportFormat> makeCsvExport(const ExportSetup& setup) {
  return std::make_unique<CsvExport>(setup);
}

}  // namespace inkling
