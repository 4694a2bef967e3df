#include "core/inference/self_attention_maps.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/inference/map_tools.h"

namespace inkling {

Size coveredGrid(int gridWidth, int gridHeight, double contentWidth, double contentHeight) {
  return {std::clamp(static_cast<int>(std::lround(gridWidth * contentWidth)), 1, gridWidth),
          std::clamp(static_cast<int>(std::lround(gridHeight * contentHeight)), 1, gridHeight)};
}

Size SelfAttentionMaps::photoGrid() const {
  return coveredGrid(gridWidth, gridHeight, contentWidth, contentHeight);
}

const SelfAttentionMaps::Layer& SelfAttentionMaps::checked(int layer,
                                                           const HeadChoice& choice) const {
  if (layer < 0 || layer >= std::ssize(layers))
    fail<UsageError>("attention: layer {} of {} (they count from 0)", layer, layers.size());
  const Layer& found = layers[static_cast<std::size_t>(layer)];
  if (choice.kind == HeadChoice::Kind::kOne && (choice.head < 0 || choice.head >= found.heads)) {
    fail<UsageError>("attention: head {} of {} between places (they count from 0)", choice.head,
                     found.heads);
  }
  return found;
}

void SelfAttentionMaps::requirePlace(int x, int y) const {
  const Size grid = photoGrid();
  if (x < 0 || y < 0 || x >= grid.width || y >= grid.height)
    fail<UsageError>("attention: place ({}, {}) of {} x {}", x, y, grid.width, grid.height);
}

float SelfAttentionMaps::attention(const Layer& layer, const HeadChoice& choice, int from,
                                   int to) const {
  const auto places = static_cast<std::size_t>(gridWidth) * static_cast<std::size_t>(gridHeight);
  const auto value = [&](int head) {
    return layer
        .map[(static_cast<std::size_t>(head) * places + static_cast<std::size_t>(from)) * places +
             static_cast<std::size_t>(to)];
  };
  return overHeads(choice, layer.heads, value);
}

HeatMap SelfAttentionMaps::crop(const std::vector<float>& values) const {
  return cropped(values, gridWidth, photoGrid());
}

HeatMap SelfAttentionMaps::lookedFrom(int x, int y, int layer, const HeadChoice& choice) const {
  const Layer& from = checked(layer, choice);
  requirePlace(x, y);
  std::vector<float> values;
  for (int to = 0; to < gridWidth * gridHeight; ++to)
    values.push_back(attention(from, choice, y * gridWidth + x, to));
  return crop(values);
}

HeatMap SelfAttentionMaps::lookedAt(int layer, const HeadChoice& choice) const {
  const Layer& looking = checked(layer, choice);
  const Size grid = photoGrid();
  std::vector<float> values(static_cast<std::size_t>(gridWidth * gridHeight), 0.0F);
  for (int y = 0; y < grid.height; ++y) {
    for (int x = 0; x < grid.width; ++x) {
      for (std::size_t to = 0; to < values.size(); ++to)
        values[to] += attention(looking, choice, y * gridWidth + x, static_cast<int>(to));
    }
  }
  for (float& value : values) value /= static_cast<float>(grid.width * grid.height);
  return crop(values);
}

OverlayMarks SelfAttentionMaps::marks(int layer) const {
  const Layer& looking = checked(layer, {});
  OverlayMarks marks;
  const std::size_t count = looking.points.size() / 2;
  for (std::size_t i = 0; i < count; ++i) {
    const int group = static_cast<int>(i * static_cast<std::size_t>(looking.groups) / count);
    marks.points.push_back(
        {looking.points[2 * i] / contentWidth, looking.points[2 * i + 1] / contentHeight, group});
  }
  return marks;
}

OverlayMarks SelfAttentionMaps::marksFrom(int x, int y, int layer) const {
  const Layer& looking = checked(layer, {});
  requirePlace(x, y);
  OverlayMarks marks = this->marks(layer);
  const double wide = gridWidth * contentWidth, high = gridHeight * contentHeight;
  marks.place = {(x + 0.5) / wide, (y + 0.5) / high, 0};
  if (looking.regions.empty()) return marks;
  // Regions are equally large, but for what the grid's edge cuts off.
  const int tall = (gridHeight + looking.regionRows - 1) / looking.regionRows;
  const int broad = (gridWidth + looking.regionColumns - 1) / looking.regionColumns;
  const int own = y / tall * looking.regionColumns + x / broad;
  const auto chosen =
      static_cast<int>(looking.regions.size()) / (looking.regionRows * looking.regionColumns);
  for (int i = 0; i < chosen; ++i) {
    const int region = looking.regions[static_cast<std::size_t>(own * chosen + i)];
    const int left = region % looking.regionColumns * broad,
              top = region / looking.regionColumns * tall;
    const Box box{left / wide, top / high, (std::min(left + broad, gridWidth) - left) / wide,
                  (std::min(top + tall, gridHeight) - top) / high};
    const Box seen = intersection(box, {0, 0, 1, 1});
    if (!seen.empty()) marks.regions.push_back(seen);
  }
  return marks;
}

}  // namespace inkling
