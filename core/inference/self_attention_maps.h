// How the places of a photo looked at each other, whatever the attention mechanism: maps, and what
// the mechanism chose (sampling points, regions), as plain numbers.
//
//   const HeatMap map = maps.self.lookedFrom(x, y, layer, {});  // where this place looked
//   const OverlayMarks marks = maps.self.marksFrom(x, y, layer);
#pragma once

#include <string>
#include <vector>

#include "core/image/overlay.h"
#include "core/image/overlay_marks.h"

namespace inkling {

/// How the heads of a layer become one map.
struct HeadChoice {
  enum class Kind { kMean, kMax, kOne } kind = Kind::kMean;
  int head = 0;  ///< for kOne
};

class SelfAttentionMaps {
 public:
  struct Layer {
    int heads = 0;           ///< or what stands for heads (core/nn/attention)
    std::vector<float> map;  ///< [heads][N][N], rows sum to one
    int groups = 0;
    std::vector<float> points;  ///< [groups][points][2] (x, y) in 0..1 of the grid; or empty
    int regionRows = 0, regionColumns = 0;
    std::vector<int> regions;  ///< [regions][chosen], numbered row by row, best first; or empty
  };

  std::string mechanism;                       ///< "multi-head", ...
  int gridWidth = 0, gridHeight = 0;           ///< photo places, row by row
  double contentWidth = 1, contentHeight = 1;  ///< share of the grid that the photo covers
  std::vector<Layer> layers;

  /// Where a place of the photo looked: column and row of photoGrid(). These throw UsageError for a
  /// place, layer or head that is not there.
  HeatMap lookedFrom(int x, int y, int layer, const HeadChoice& heads) const;

  /// How much each place was looked at, on average over all places of the photo.
  HeatMap lookedAt(int layer, const HeadChoice& heads) const;

  /// All sampling points of a layer (deformable); empty for other mechanisms.
  OverlayMarks marks(int layer) const;

  /// The place, and what it could look at: the sampling points, or the regions that its own region
  /// chose (bi-level routing).
  OverlayMarks marksFrom(int x, int y, int layer) const;

  /// Columns and rows that lie on the photo: the size of every map.
  Size photoGrid() const;

 private:
  const Layer& checked(int layer, const HeadChoice& heads) const;
  void requirePlace(int x, int y) const;
  float attention(const Layer& layer, const HeadChoice& heads, int from, int to) const;
  HeatMap crop(const std::vector<float>& values) const;
};

/// Columns and rows of a grid that a photo covers, one at least.
Size coveredGrid(int gridWidth, int gridHeight, double contentWidth, double contentHeight);

}  // namespace inkling
