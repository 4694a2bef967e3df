#include "core/training/threshold.h"

#include <algorithm>
#include <utility>

#include "core/nn/box_ops.h"
#include "core/training/matching_trainer.h"
#include "core/training/pair_labels.h"

namespace inkling {
namespace {

// (score, right) of each detection that survives suppression; each object is found once at most.
void collect(const LocalizerNetwork::Located& located, const Tensor& objects, double overlap, std::vector<std::pair<double, bool>>& found) {
  const Tensor scores = at::sigmoid(located.logits[0]), boxes = cxcywhToXyxy(located.boxes[0]);
  const Tensor order = scores.argsort(0, true);
  const Tensor iou = boxIou(boxes, boxes).first;
  const Tensor hit = objects.size(0) > 0 ? boxIou(boxes, cxcywhToXyxy(objects)).first : Tensor();
  std::vector<std::int64_t> kept;
  std::vector<bool> taken(static_cast<std::size_t>(objects.size(0)), false);
  for (std::int64_t i = 0; i < order.size(0); ++i) {
    const auto k = order[i].item<std::int64_t>();
    if (!located.valid[0][k].item<bool>()) continue;
    if (std::any_of(kept.begin(), kept.end(), [&](std::int64_t other) { return iou[k][other].item<double>() > overlap; })) continue;
    kept.push_back(k);
    bool right = false;
    for (std::size_t o = 0; o < taken.size() && !right; ++o) {
      if (taken[o] || hit[k][static_cast<std::int64_t>(o)].item<double>() < 0.5) continue;
      taken[o] = true;
      right = true;
    }
    found.emplace_back(scores[k].item<double>(), right);
    if (kept.size() >= 20) break;
  }
}

}  // namespace

ThresholdChoice chooseThreshold(const LocalizerNetwork& network, const std::vector<Scene>& scenes, const SketchSet& sketches,
                                std::uint64_t seed, const Trunk* trunk) {
  const at::NoGradGuard noGrad;
  ThresholdChoice choice;
  std::vector<std::pair<double, bool>> found;
  std::int64_t total = 0;
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    if (!scenes[i].held || scenes[i].objects.empty()) continue;
    Random random(mixSeed(seed, i, 31));
    const PhotoBatch photo = network.prepare(readPhotoTensors(scenes[i].features));
    const auto present = static_cast<std::int64_t>(scenes[i].objects.size());
    for (const std::int64_t word : chooseWords(scenes[i], present, present, random)) {
      const auto& drawings = sketches.byWord.at(static_cast<std::size_t>(word));
      if (drawings.empty()) continue;
      const Tensor raster = rasterBatch({&sketches.sketches[random.pick(drawings)]}, network.config().sketch.size);
      const auto located = network.locate(photo, network.understand(raster, at::ones({1, 1})), 100, false, trunk);
      const Tensor objects = boxesOf(scenes[i], word);
      collect(located, objects, network.config().finalOverlap, found);
      total += objects.size(0);
      ++choice.queries;
    }
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  double right = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    right += found[i].second ? 1 : 0;
    const double precision = right / static_cast<double>(i + 1), recall = right / static_cast<double>(std::max<std::int64_t>(total, 1));
    const double f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
    if (f1 > choice.f1) choice = {found[i].first, f1, precision, recall, choice.queries};
  }
  return choice;
}

}  // namespace inkling
