#include "ui/viewer/attention_source.h"

#include <algorithm>
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

std::optional<std::pair<int, int>> AttentionSource::cellOf(const Place& place) const {
  if (!maps_ || !place) return std::nullopt;
  const Size grid = maps_->photoGrid();
  const auto cell = [](double share, int cells) {
    return std::clamp(static_cast<int>(share * cells), 0, cells - 1);
  };
  return std::pair(cell(place->first, grid.width), cell(place->second, grid.height));
}

HeadChoice AttentionSource::headsBetween(const AttentionChoice& choice) const {
  const auto& layers = maps_->self.layers;
  const bool there = choice.layer >= 0 && choice.layer < std::ssize(layers) &&
                     choice.heads.head < layers[static_cast<std::size_t>(choice.layer)].heads;
  return choice.heads.kind == HeadChoice::Kind::kOne && !there ? HeadChoice{} : choice.heads;
}

OverlayMarks AttentionSource::marks(const AttentionChoice& choice, const Place& place) const {
  if (!maps_ || choice.kind != AttentionChoice::Kind::kBetween) return {};
  try {
    const auto cell = cellOf(place);
    return cell ? maps_->self.marksFrom(cell->first, cell->second, choice.layer)
                : maps_->self.marks(choice.layer);
  } catch (const UsageError&) {
    return {};
  }
}

std::optional<HeatMap> AttentionSource::map(const AttentionChoice& choice,
                                            const Place& place) const {
  if (!maps_) return std::nullopt;
  try {
    if (choice.kind == AttentionChoice::Kind::kBetween) {
      const HeadChoice heads = headsBetween(choice);
      const auto cell = cellOf(place);
      return cell ? maps_->self.lookedFrom(cell->first, cell->second, choice.layer, heads)
                  : maps_->self.lookedAt(choice.layer, heads);
    }
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
