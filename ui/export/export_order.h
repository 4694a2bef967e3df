// What a person wants to have exported: which photos, what is looked for in them, and how it is
// written.
//
//   ExportOrder order{exportSources(opened).front(), exportDrawings(stack), modelFile};
//   order.format = "yolo";
//   ExportJob job(planOf(order, hashFile(modelFile).hex()), {});
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/exporting/export_job.h"
#include "ui/stack/sketch_stack.h"

namespace inkling {

/// Photos that are exported together.
struct ExportSource {
  std::filesystem::path folder;  ///< absolute
  /// Below the folder, in natural order; none: all that are in it and below it.
  std::optional<std::vector<std::filesystem::path>> photos;
};

/// Of what is open in the window: each folder, and the single photos together. A source that is not
/// there counts as a photo.
std::vector<ExportSource> exportSources(const std::vector<std::filesystem::path>& opened);

/// The drawings that are looked for together, and what they are called.
struct ExportDrawings {
  DrawnQuery query;
  std::vector<std::string> wanted, unwanted;  ///< names, in the order of the query's
};

/// Of the drawings that are on and hold ink.
ExportDrawings exportDrawings(const SketchStack& stack);

struct ExportOrder {
  ExportSource source;
  ExportDrawings drawings;
  std::filesystem::path model;
  std::string device = "auto";  ///< LocalizerOptions::device
  std::string format = "coco";  ///< one of exportFormatNames()
  std::string category;         ///< what the files call the thing that is looked for
  std::filesystem::path out;
  double threshold = 0;  ///< boxes with a lower score are left out
  bool overlay = false;  ///< "pictures": the attention, too
  bool scores = false;   ///< "yolo": the score as a sixth column
};

/// As `inkling export` would plan it: either goes on with what the other has begun. `modelHash`:
/// hashFile() of the model.
ExportPlan planOf(const ExportOrder& order, const std::string& modelHash);

}  // namespace inkling
