#include "ui/viewer/attention_source.h"

#include <utility>

#include "core/base/error.h"

namespace inkling {

void AttentionSource::set(std::shared_ptr<const AttentionMaps> maps,
                          const std::vector<Sketch>& drawings) {
  maps_ = std::move(maps);
  strokes_.reset();
  rollout_.reset();
  if (!maps_) return;
  try {
    strokes_.emplace(maps_, drawings);
  } catch (const UsageError&) {
    // The drawings have changed since: the maps are still worth seeing.
  }
}

std::optional<HeatMap> AttentionSource::map(const AttentionChoice& choice) const {
  if (!maps_) return std::nullopt;
  try {
    if (choice.kind == AttentionChoice::Kind::kRelevance) return maps_->relevanceMap();
    if (choice.kind == AttentionChoice::Kind::kLayer)
      return maps_->layerMap(choice.layer, choice.heads);
    if (!rollout_) rollout_ = maps_->rollout();
    return rollout_;
  } catch (const UsageError&) {
    return std::nullopt;
  }
}

std::optional<HeatMap> AttentionSource::strokeMap(std::size_t sketch, std::size_t stroke,
                                                  const AttentionChoice& choice) const {
  if (!strokes_) return std::nullopt;
  try {
    return strokes_->map(sketch, stroke, choice.layer, choice.heads);
  } catch (const UsageError&) {
    return std::nullopt;
  }
}

std::vector<std::vector<float>> AttentionSource::strokesAt(double x01, double y01,
                                                           const AttentionChoice& choice) const {
  if (!strokes_) return {};
  try {
    return strokes_->strokesAt(x01, y01, choice.layer, choice.heads);
  } catch (const UsageError&) {
    return {};
  }
}

}  // namespace inkling
