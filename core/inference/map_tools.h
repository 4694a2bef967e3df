// What maps of attention to the sketch and between places have in common. Internal to
// core/inference.
#pragma once

#include <algorithm>
#include <vector>

#include "core/image/overlay.h"
#include "core/inference/self_attention_maps.h"

namespace inkling {

/// `value(head)` of the heads that are chosen, as one number.
template <typename Value>
float overHeads(const HeadChoice& choice, int heads, Value&& value) {
  if (choice.kind == HeadChoice::Kind::kOne) return value(choice.head);
  float sum = 0, best = 0;
  for (int head = 0; head < heads; ++head) {
    sum += value(head);
    best = std::max(best, value(head));
  }
  return choice.kind == HeadChoice::Kind::kMax ? best : sum / static_cast<float>(heads);
}

/// The part of a grid's values, row by row, that lies on the photo.
inline HeatMap cropped(const std::vector<float>& values, int gridWidth, Size photo) {
  HeatMap map{photo.width, photo.height, {}};
  for (int y = 0; y < map.height; ++y) {
    const auto row = values.begin() + static_cast<std::ptrdiff_t>(y) * gridWidth;
    map.values.insert(map.values.end(), row, row + map.width);
  }
  return map;
}

}  // namespace inkling
