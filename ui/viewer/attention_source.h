// The heat maps that a person can choose from, made from what the model looked at.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/inference/stroke_attention.h"

namespace inkling {

/// Which map is shown.
struct AttentionChoice {
  enum class Kind {
    kLayer,      ///< how much each place listens to the drawings in one layer
    kRollout,    ///< all layers together
    kRelevance,  ///< how surely a place lies on a wanted object
    kBetween,    ///< how much places look at each other in one layer
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

  /// A place of the photo, 0..1 of its width and height.
  using Place = std::optional<std::pair<double, double>>;

  /// Nothing without maps, or for a layer or head that they have not. Between places: where `place`
  /// looks; how much each is looked at without one. Mechanisms may have other heads there: the mean
  /// stands for one that is missing.
  std::optional<HeatMap> map(const AttentionChoice& choice, const Place& place = {}) const;
  /// What goes with the map between places: sampling points, regions, the place itself.
  OverlayMarks marks(const AttentionChoice& choice, const Place& place = {}) const;
  /// Column and row of the map that a place lies in; nothing without maps.
  std::optional<std::pair<int, int>> cellOf(const Place& place) const;
  /// Where the stroke is attended to; nothing for one that is not there.
  std::optional<HeatMap> strokeMap(std::size_t sketch, std::size_t stroke,
                                   const AttentionChoice& choice) const;
  /// See StrokeAttention::strokesAt; empty when there is no answer.
  std::vector<std::vector<float>> strokesAt(double x01, double y01,
                                            const AttentionChoice& choice) const;

 private:
  HeadChoice headsBetween(const AttentionChoice& choice) const;

  std::shared_ptr<const AttentionMaps> maps_;
  std::optional<StrokeAttention> strokes_;
  mutable std::optional<HeatMap> rollout_;  ///< costs some milliseconds, the same for every choice
};

}  // namespace inkling
