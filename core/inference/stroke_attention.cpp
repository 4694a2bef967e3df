#include "core/inference/stroke_attention.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/base/error.h"

namespace inkling {
namespace {

int cellOf(double place01, int cells) {
  // A NaN fails both comparisons of clamp and is caught here.
  const double inside = place01 > 0 ? std::min(place01, 1.0) : 0.0;
  return std::min(static_cast<int>(inside * cells), cells - 1);
}

}  // namespace

StrokeAttention::StrokeAttention(std::shared_ptr<const AttentionMaps> maps,
                                 const std::vector<Sketch>& sketches)
    : maps_(std::move(maps)) {
  if (maps_ == nullptr) fail<UsageError>("attention: there are no maps");
  if (static_cast<int>(sketches.size()) != maps_->sketches)
    fail<UsageError>("attention: {} sketches where the maps are of {}", sketches.size(),
                     maps_->sketches);
  for (const Sketch& sketch : sketches) {
    std::vector<std::vector<float>>& strokes = shares_.emplace_back();
    const std::size_t count = sketch.raster.empty() ? sketch.strokes.size() : 0;
    for (std::size_t stroke = 0; stroke < count; ++stroke)
      strokes.push_back(strokeShare(sketch, stroke, maps_->sketchSide));
  }
}

HeatMap StrokeAttention::map(std::size_t sketch, std::size_t stroke, int layer,
                             const HeadChoice& heads) const {
  if (sketch >= shares_.size())
    fail<UsageError>("attention: sketch {} of {}", sketch, shares_.size());
  if (stroke >= shares_[sketch].size())
    fail<UsageError>("attention: stroke {} of {}", stroke, shares_[sketch].size());
  return maps_->cellsMap(sketch, shares_[sketch][stroke], layer, heads);
}

std::vector<std::vector<float>> StrokeAttention::strokesAt(double x01, double y01, int layer,
                                                           const HeadChoice& heads) const {
  const Size grid = maps_->photoGrid();
  std::vector<std::vector<float>> answer;
  for (std::size_t sketch = 0; sketch < shares_.size(); ++sketch) {
    const std::vector<float> cells =
        maps_->cellsAt(cellOf(x01, grid.width), cellOf(y01, grid.height), sketch, layer, heads);
    std::vector<float>& strokes = answer.emplace_back();
    for (const std::vector<float>& share : shares_[sketch])
      strokes.push_back(std::inner_product(share.begin(), share.end(), cells.begin(), 0.0F));
  }
  return answer;
}

}  // namespace inkling
