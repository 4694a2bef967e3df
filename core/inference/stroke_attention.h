// Strokes and places of the photo, asked both ways while the pointer moves: where is this stroke
// looked for, and which strokes does this place look at?
//
//   StrokeAttention speaks(maps, drawings);                   // once a photo and query
//   HeatMap where = speaks.map(0, 2, layer, heads);           // of the third stroke
//   auto shares = speaks.strokesAt(0.5, 0.5, layer, heads);   // in the middle of the photo
//
// Which cells of a sketch a stroke passes through is worked out once; the answers after that take
// well under a millisecond.
#pragma once

#include <memory>
#include <vector>

#include "core/inference/attention_maps.h"

namespace inkling {

class StrokeAttention {
 public:
  /// `sketches`: those that the maps were made with, in their order. Throws UsageError when there
  /// are no maps, or they are of another number of sketches.
  StrokeAttention(std::shared_ptr<const AttentionMaps> maps, const std::vector<Sketch>& sketches);

  /// As AttentionMaps::strokeMap. Throws UsageError for a sketch, stroke, layer or head that is not
  /// there; sketches that are pictures have no strokes.
  HeatMap map(std::size_t sketch, std::size_t stroke, int layer, const HeadChoice& heads) const;

  /// For each sketch, and in it for each stroke, how much the place attends to it; 0 for eraser
  /// strokes, no values for a sketch that is a picture. `x01`, `y01`: 0..1 over the photo, clamped.
  /// Throws UsageError for a layer or head that is not there.
  std::vector<std::vector<float>> strokesAt(double x01, double y01, int layer,
                                            const HeadChoice& heads) const;

  const AttentionMaps& maps() const { return *maps_; }

 private:
  std::shared_ptr<const AttentionMaps> maps_;
  std::vector<std::vector<std::vector<float>>> shares_;  ///< [sketch][stroke][cell]
};

}  // namespace inkling
