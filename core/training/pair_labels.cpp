#include "core/training/pair_labels.h"

#include "core/nn/box_ops.h"

namespace inkling {
namespace {

constexpr double kPositive = 0.5, kIgnored = 0.3;

Tensor bestOverlap(const Tensor& boxes, const Tensor& objects) {
  if (!objects.defined() || objects.size(0) == 0)
    return at::zeros({boxes.size(0)}, boxes.options());
  const Tensor there = objects.to(boxes.device());
  const Tensor iou = boxIou(cxcywhToXyxy(boxes), cxcywhToXyxy(there)).first;
  return std::get<0>(at::nan_to_num(iou).max(1));
}

}  // namespace

Tensor boxesOf(const Scene& scene, std::int64_t word) {
  for (const WordBoxes& object : scene.objects) {
    if (object.word == word) return object.boxes;
  }
  return at::zeros({0, 4});
}

PairLabels labelPairs(const Scene& scene, std::int64_t word, const Tensor& boxes,
                      const Tensor& valid) {
  const Tensor overlap = bestOverlap(boxes, boxesOf(scene, word));
  PairLabels labels;
  labels.target = (overlap >= kPositive).to(at::kFloat);
  Tensor known = at::logical_or(overlap >= kPositive, overlap < kIgnored);
  if (scene.ignored.defined() && scene.ignored.size(0) > 0) {
    known = at::logical_and(
        known, at::logical_or(labels.target > 0, bestOverlap(boxes, scene.ignored) < kIgnored));
  }
  if (!scene.exhaustive) {
    // Only places with a box are known here: the boxed object is the word, or it is not.
    Tensor boxed = at::zeros_like(known);
    for (const WordBoxes& object : scene.objects)
      boxed = at::logical_or(boxed, bestOverlap(boxes, object.boxes) >= kPositive);
    known = at::logical_and(known, boxed);
  }
  labels.weight = at::logical_and(known, valid).to(at::kFloat);
  return labels;
}

}  // namespace inkling
