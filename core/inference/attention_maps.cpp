#include "core/inference/attention_maps.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/inference/map_tools.h"
#include "core/sketch/rasterise.h"

namespace inkling {

void AttentionMaps::requireLayer(int layer, const HeadChoice& choice) const {
  if (layer < 0 || layer >= layers)
    fail<UsageError>("attention: layer {} of {} (they count from 0)", layer, layers);
  if (choice.kind == HeadChoice::Kind::kOne && (choice.head < 0 || choice.head >= heads)) {
    fail<UsageError>("attention: head {} of {} (they count from 0)", choice.head, heads);
  }
}

float AttentionMaps::attention(int layer, const HeadChoice& choice, int place, int key) const {
  const int places = gridWidth * gridHeight;
  const auto value = [&](int head) {
    const auto row = (static_cast<std::size_t>(layer) * static_cast<std::size_t>(heads) +
                      static_cast<std::size_t>(head)) *
                         static_cast<std::size_t>(places) +
                     static_cast<std::size_t>(place);
    return toSketch[row * static_cast<std::size_t>(keys) + static_cast<std::size_t>(key)];
  };
  return overHeads(choice, heads, value);
}

Size AttentionMaps::photoGrid() const {
  return coveredGrid(gridWidth, gridHeight, contentWidth, contentHeight);
}

HeatMap AttentionMaps::crop(const std::vector<float>& values) const {
  return cropped(values, gridWidth, photoGrid());
}

HeatMap AttentionMaps::layerMap(int layer, const HeadChoice& choice) const {
  requireLayer(layer, choice);
  const int places = gridWidth * gridHeight;
  std::vector<float> values(static_cast<std::size_t>(places));
  for (int place = 0; place < places; ++place) {
    // With the maximum over heads, the head that listens most speaks for the place.
    float listened = 0;
    if (choice.kind == HeadChoice::Kind::kMax) {
      for (int head = 0; head < heads; ++head) {
        listened =
            std::max(listened, 1 - attention(layer, {HeadChoice::Kind::kOne, head}, place, 0));
      }
    } else {
      listened = 1 - attention(layer, choice, place, 0);
    }
    values[static_cast<std::size_t>(place)] = listened;
  }
  return crop(values);
}

HeatMap AttentionMaps::rollout() const {
  const auto places = static_cast<std::size_t>(gridWidth) * static_cast<std::size_t>(gridHeight);
  // What the places of the last layer listen to the sketch, carried back through the mixing of
  // every layer.
  std::vector<double> weight(places);
  for (std::size_t place = 0; place < places; ++place)
    weight[place] = 1 - attention(layers - 1, {}, static_cast<int>(place), 0);
  for (int layer = layers - 1; layer >= 0; --layer) {
    std::vector<double> earlier(places, 0.0);
    const float* mixing = toPhoto.data() + static_cast<std::size_t>(layer) * places * places;
    for (std::size_t from = 0; from < places; ++from) {
      const float* row = mixing + from * places;
      for (std::size_t to = 0; to < places; ++to) earlier[to] += 0.5 * weight[from] * row[to];
      earlier[from] += 0.5 * weight[from];
    }
    weight = std::move(earlier);
  }
  return crop(std::vector<float>(weight.begin(), weight.end()));
}

HeatMap AttentionMaps::relevanceMap() const { return crop(relevance); }

int AttentionMaps::firstCell(std::size_t sketchIndex) const {
  const int cells = sketchSide * sketchSide;
  if (sketchIndex >= static_cast<std::size_t>(std::max(0, sketches)))
    fail<UsageError>("attention: sketch {} of {}", sketchIndex, sketches);
  const int first = 1 + static_cast<int>(sketchIndex) * (1 + cells) + 1;
  if (first + cells > keys)
    fail<UsageError>("attention: {} keys are too few for the cells of {} sketches", keys, sketches);
  return first;
}

HeatMap AttentionMaps::strokeMap(const Sketch& sketch, std::size_t sketchIndex, std::size_t stroke,
                                 int layer, const HeadChoice& choice) const {
  requireLayer(layer, choice);
  firstCell(sketchIndex);
  return cellsMap(sketchIndex, strokeShare(sketch, stroke, sketchSide), layer, choice);
}

HeatMap AttentionMaps::cellsMap(std::size_t sketchIndex, std::span<const float> share, int layer,
                                const HeadChoice& choice) const {
  requireLayer(layer, choice);
  const int firstKey = firstCell(sketchIndex);
  const int cells = sketchSide * sketchSide;
  if (share.size() != static_cast<std::size_t>(cells))
    fail<UsageError>("attention: a share of {} cells where there are {}", share.size(), cells);
  const int places = gridWidth * gridHeight;
  std::vector<float> values(static_cast<std::size_t>(places), 0.0F);
  for (int place = 0; place < places; ++place) {
    for (int c = 0; c < cells; ++c) {
      const float part = share[static_cast<std::size_t>(c)];
      if (part > 0)
        values[static_cast<std::size_t>(place)] +=
            part * attention(layer, choice, place, firstKey + c);
    }
  }
  return crop(values);
}

std::vector<float> AttentionMaps::cellsAt(int x, int y, std::size_t sketchIndex, int layer,
                                          const HeadChoice& choice) const {
  requireLayer(layer, choice);
  const int firstKey = firstCell(sketchIndex);
  const Size grid = photoGrid();
  if (x < 0 || y < 0 || x >= grid.width || y >= grid.height)
    fail<UsageError>("attention: place ({}, {}) of {} x {}", x, y, grid.width, grid.height);
  std::vector<float> values;
  for (int c = 0; c < sketchSide * sketchSide; ++c)
    values.push_back(attention(layer, choice, y * gridWidth + x, firstKey + c));
  return values;
}

std::vector<float> strokeShare(const Sketch& sketch, std::size_t stroke, int side) {
  const RasterOptions options;
  if (side < 1 || side > options.size) fail<UsageError>("attention: {} cells a side", side);
  const std::vector<float> ink =
      rasteriseStroke(sketch, stroke, inkFrame(sketch, options), options);
  const int cell = options.size / side;
  std::vector<float> share(static_cast<std::size_t>(side) * static_cast<std::size_t>(side), 0.0F);
  float total = 0;
  for (int y = 0; y < options.size; ++y) {
    for (int x = 0; x < options.size; ++x) {
      const float value = ink[static_cast<std::size_t>(y) * static_cast<std::size_t>(options.size) +
                              static_cast<std::size_t>(x)];
      share[static_cast<std::size_t>(std::min(y / cell, side - 1) * side +
                                     std::min(x / cell, side - 1))] += value;
      total += value;
    }
  }
  for (float& part : share) part = total > 0 ? part / total : 0;
  return share;
}

}  // namespace inkling
