#include "core/training/judged.h"

#include <algorithm>

#include "core/geometry/nms.h"

namespace inkling {
namespace {

constexpr double kRight = 0.5;

}  // namespace

std::vector<Judged> judge(std::span<const Box> boxes, std::span<const float> scores,
                          std::span<const Box> objects, std::span<const Box> ignored,
                          double overlap, std::size_t limit) {
  std::vector<Judged> result;
  std::vector<bool> taken(objects.size(), false);
  for (const std::size_t k : nonMaximumSuppression(boxes, scores, overlap, limit)) {
    double best = 0;
    std::size_t which = objects.size();
    for (std::size_t o = 0; o < objects.size(); ++o) {
      const double shared = taken[o] ? 0 : iou(boxes[k], objects[o]);
      if (shared >= kRight && shared > best) {
        best = shared;
        which = o;
      }
    }
    const bool right = which < objects.size();
    if (right) taken[which] = true;
    const auto covers = [&](const Box& crowd) { return iou(boxes[k], crowd) >= kRight; };
    if (right || std::none_of(ignored.begin(), ignored.end(), covers)) result.push_back({k, right});
  }
  return result;
}

}  // namespace inkling
