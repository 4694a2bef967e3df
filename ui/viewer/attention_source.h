// The heat maps that a person can choose from, made from what the model looked at.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "core/inference/stroke_attention.h"

namespace inkling {

/// Which map is shown.
struct AttentionChoice {
  enum class Kind {
    kLayer,      ///< how much each place listens to the drawings in one layer
    kRollout,    ///< all layers together
    kRelevance,  ///< how surely a place lies on a wanted object
  } kind = Kind::kLayer;
  int layer = 0;     ///< from 0; also the layer in which strokes are followed
  HeadChoice heads;  ///< also of strokes
};

class AttentionSource {
 public:
  /// Null maps: there is nothing to show. Drawings that do not fit the maps leave strokes without
  /// an answer.
  void set(std::shared_ptr<const AttentionMaps> maps, const std::vector<Sketch>& drawings);
  bool hasMaps() const { return maps_ != nullptr; }
  int layers() const { return maps_ ? maps_->layers : 0; }
  int heads() const { return maps_ ? maps_->heads : 0; }

  /// Nothing without maps, or for a layer or head that they have not.
  std::optional<HeatMap> map(const AttentionChoice& choice) const;
  /// Where the stroke is attended to; nothing for one that is not there.
  std::optional<HeatMap> strokeMap(std::size_t sketch, std::size_t stroke,
                                   const AttentionChoice& choice) const;
  /// See StrokeAttention::strokesAt; empty when there is no answer.
  std::vector<std::vector<float>> strokesAt(double x01, double y01,
                                            const AttentionChoice& choice) const;

 private:
  std::shared_ptr<const AttentionMaps> maps_;
  std::optional<StrokeAttention> strokes_;
  mutable std::optional<HeatMap> rollout_;  ///< costs some milliseconds, the same for every choice
};

}  // namespace inkling
