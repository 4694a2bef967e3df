// COCO's "instances" (https://cocodataset.org/#format-data), with the score that COCO's results
// format has for each detection, so that the file is read as annotations and as results.
#include <cstdint>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "core/base/json.h"
#include "core/exporting/export_categories.h"
#include "core/exporting/export_formats.h"
#include "core/exporting/rounding.h"
#include "core/exporting/whole_file_export.h"

namespace inkling {
namespace {

// The elements of a JSON list, one a line.
class ListWriter {
 public:
  explicit ListWriter(AtomicFile& file, const char* key) : file_(file) {
    file_.write(fmt::format("\"{}\":[", key));
  }
  void add(const std::string& element) {
    file_.write(empty_ ? "\n" : ",\n");
    file_.write(element);
    empty_ = false;
  }
  void close() { file_.write(empty_ ? "]" : "\n]"); }

 private:
  AtomicFile& file_;
  bool empty_ = true;
};

std::string imageJson(std::int64_t id, const ExportedPhoto& photo) {
  const std::string name = photo.path.generic_string();
  Json json = {{"id", id},
               {"file_name", toValidUtf8(name)},
               {"width", photo.size.width},
               {"height", photo.size.height}};
  // "file_name" is text; the photo is found by its bytes all the same.
  if (toValidUtf8(name) != name) json["path_bytes"] = hexadecimal(name);
  return dumpJson(json);
}

std::string annotationJson(std::int64_t id, std::int64_t image, const ExportedBox& exported) {
  const Box& box = exported.found.box;
  return fmt::format(
      "{{\"id\":{},\"image_id\":{},\"category_id\":{},\"bbox\":[{},{},{},{}],\"area\":{},"
      "\"iscrowd\":0,\"segmentation\":[],\"score\":{}}}",
      id, image, exported.category + 1, box.x, box.y, box.width, box.height,
      roundedTo(box.area(), 1e4), exported.found.score);
}

class CocoExport : public WholeFileExport {
 public:
  explicit CocoExport(ExportSetup setup)
      : WholeFileExport(std::move(setup), "coco", "annotations.json") {}

 protected:
  void write(const ExportRecords& records, AtomicFile& file) const override {
    file.write("{\"info\":" + dumpJson(info()) + ",\n\"licenses\":[],\n");
    ListWriter categories(file, "categories");
    for (std::size_t i = 0; i < setup_.categories.size(); ++i) {
      categories.add(dumpJson(
          Json{{"id", i + 1}, {"name", setup_.categories[i].name}, {"supercategory", "none"}}));
    }
    categories.close();
    file.write(",\n");
    ListWriter images(file, "images");
    std::int64_t image = 0;
    records([&](const ExportedPhoto& photo) { images.add(imageJson(++image, photo)); });
    images.close();
    file.write(",\n");
    ListWriter annotations(file, "annotations");
    std::int64_t annotation = 0;
    image = 0;
    records([&](const ExportedPhoto& photo) {
      requireCategories(photo, setup_);
      ++image;
      for (const ExportedBox& box : photo.boxes)
        annotations.add(annotationJson(++annotation, image, box));
    });
    annotations.close();
    file.write("}\n");
  }

 private:
  Json info() const {
    Json query = Json::array();
    for (const ExportCategory& category : setup_.categories) {
      query.push_back({{"category", category.name},
                       {"sketches", category.sketches},
                       {"not", category.unwanted}});
    }
    return {{"description", "Objects found by Inkling in " + setup_.folder},
            {"version", "1.0"},
            {"model", setup_.model},
            {"model_hash", setup_.modelHash},
            {"threshold", setup_.threshold},
            {"query", std::move(query)},
            {"coordinate_frame", kCoordinateFrame}};
  }
};

}  // namespace

std::unique_ptr<ExportFormat> makeCocoExport(const ExportSetup& setup) {
  return std::make_unique<CocoExport>(setup);
}

}  // namespace inkling
