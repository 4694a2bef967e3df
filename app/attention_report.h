// The pictures and numbers that `inkling attention` writes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/image/image.h"
#include "core/image/overlay.h"
#include "core/image/overlay_marks.h"

namespace inkling {

struct OverlayStyle {
  ColourMap colours = ColourMap::viridis;
  double opacity = 0.55;
};

/// Collects maps: each becomes a PNG at once, and an entry of attention.json at the end.
class AttentionReport {
 public:
  /// Throws OutputError when `folder` cannot be written. `photo` has to outlive the report.
  AttentionReport(std::filesystem::path folder, const Image& photo, const OverlayStyle& style);

  /// Writes NAME.png, the map over the photo with `card` in a corner and `marks` on top; `facts`
  /// (layer, head, stroke) go into the JSON, and what is marked, too. Throws OutputError.
  void add(const std::string& name, const HeatMap& map, const Image& card, Json facts,
           const OverlayMarks& marks = {});

  /// Writes attention.json: the fields of `head`, then "maps" with the smallest, the largest and
  /// all raw values of each, row by row.
  void finish(Json head);

  const std::vector<std::filesystem::path>& files() const { return files_; }

 private:
  std::filesystem::path folder_;
  const Image& photo_;
  OverlayStyle style_;
  Json maps_ = Json::array();
  std::vector<std::filesystem::path> files_;
};

}  // namespace inkling
