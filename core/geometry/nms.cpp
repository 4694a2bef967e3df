#include "core/geometry/nms.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace inkling {

std::vector<std::size_t> nonMaximumSuppression(std::span<const Box> boxes,
                                               std::span<const float> scores, double iouThreshold,
                                               std::size_t maxKept) {
  if (boxes.size() != scores.size()) {
    fail<UsageError>("non-maximum suppression needs one score per box, not {} for {}",
                     scores.size(), boxes.size());
  }
  std::vector<std::size_t> order;
  order.reserve(boxes.size());
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (!std::isnan(scores[i])) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });

  std::vector<std::size_t> kept;
  for (const std::size_t candidate : order) {
    if (kept.size() >= maxKept) break;
    const bool covered = std::any_of(kept.begin(), kept.end(), [&](std::size_t better) {
      return iou(boxes[better], boxes[candidate]) > iouThreshold;
    });
    if (!covered) kept.push_back(candidate);
  }
  return kept;
}

}  // namespace inkling
