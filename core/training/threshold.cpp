#include "core/training/threshold.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/evaluation/ranking.h"
#include "core/geometry/nms.h"
#include "core/nn/box_ops.h"
#include "core/training/matching_trainer.h"
#include "core/training/pair_labels.h"

namespace inkling {
namespace {

constexpr std::array kOverlaps{0.4, 0.5, 0.6, 0.7};
constexpr std::size_t kLimit = 20;

// What was found for one drawing in one photo, in the square's coordinates.
struct Answer {
  std::vector<Box> boxes, objects;
  std::vector<float> scores;
};

std::vector<Box> boxesFrom(const Tensor& rows) {
  std::vector<Box> boxes;
  const Tensor plain = rows.to(at::kFloat).contiguous();
  const float* b = plain.data_ptr<float>();
  for (std::int64_t i = 0; i < plain.size(0); ++i, b += 4) boxes.push_back({b[0] - b[2] / 2.0, b[1] - b[3] / 2.0, b[2], b[3]});
  return boxes;
}

Answer answerOf(const LocalizerNetwork::Located& located, const Tensor& objects) {
  const Tensor real = located.valid[0].nonzero().squeeze(1);
  const Tensor scores = at::sigmoid(located.logits[0]).index_select(0, real).contiguous();
  return {boxesFrom(located.boxes[0].index_select(0, real)), boxesFrom(objects),
          {scores.data_ptr<float>(), scores.data_ptr<float>() + scores.numel()}};
}

// (score, right) of each detection that survives suppression; each object is found once at most.
void collect(const Answer& answer, double overlap, std::vector<std::pair<double, bool>>& found) {
  std::vector<bool> taken(answer.objects.size(), false);
  for (const std::size_t k : nonMaximumSuppression(answer.boxes, answer.scores, overlap, kLimit)) {
    bool right = false;
    for (std::size_t o = 0; o < taken.size() && !right; ++o) {
      right = !taken[o] && iou(answer.boxes[k], answer.objects[o]) >= 0.5;
      if (right) taken[o] = true;
    }
    found.emplace_back(answer.scores[k], right);
  }
}

std::vector<Answer> ask(const LocalizerNetwork& network, const std::vector<Scene>& scenes, const SketchSet& sketches,
                        std::uint64_t seed, const Trunk* trunk) {
  const auto members = static_cast<std::size_t>(network.config().matchMembers);
  std::vector<Answer> answers;
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    if (!scenes[i].held || scenes[i].objects.empty()) continue;
    Random random(mixSeed(seed, i, 31));
    PhotoBatch photo = network.prepare(readPhotoTensors(scenes[i].features));
    photo.votes = votesOf(scenes[i], members);
    const auto present = static_cast<std::int64_t>(scenes[i].objects.size());
    for (const std::int64_t word : chooseWords(scenes[i], present, present, random)) {
      const auto& drawings = sketches.byWord.at(static_cast<std::size_t>(word));
      if (drawings.empty()) continue;
      const Tensor raster = rasterBatch({&sketches.sketches[random.pick(drawings)]}, network.config().sketch.size);
      const auto located = network.locate(photo, network.understand(raster, at::ones({1, 1})), network.config().trunk.proposals, false, trunk);
      answers.push_back(answerOf(located, boxesOf(scenes[i], word)));
    }
  }
  return answers;
}

}  // namespace

OutputChoice chooseOutput(const LocalizerNetwork& network, const std::vector<Scene>& scenes, const SketchSet& sketches,
                          std::uint64_t seed, const Trunk* trunk) {
  const at::NoGradGuard noGrad;
  const std::vector<Answer> answers = ask(network, scenes, sketches, seed, trunk);
  OutputChoice choice;
  choice.queries = static_cast<std::int64_t>(answers.size());
  std::size_t objects = 0;
  for (const Answer& answer : answers) objects += answer.objects.size();
  if (objects == 0) return choice;

  std::vector<std::pair<double, bool>> best;
  for (const double overlap : kOverlaps) {
    std::vector<std::pair<double, bool>> found;
    for (const Answer& answer : answers) collect(answer, overlap, found);
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<bool> right;
    for (const auto& [score, hit] : found) right.push_back(hit);
    const auto hits = static_cast<double>(std::count(right.begin(), right.end(), true));
    // Objects that were never found count as nothing.
    const double ap50 = hits > 0 ? averagePrecision(right) * hits / static_cast<double>(objects) : 0;
    if (!best.empty() && ap50 <= choice.ap50) continue;
    choice.overlap = overlap;
    choice.ap50 = ap50;
    best = std::move(found);
  }
  double right = 0;
  for (std::size_t i = 0; i < best.size(); ++i) {
    right += best[i].second ? 1 : 0;
    const double precision = right / static_cast<double>(i + 1), recall = right / static_cast<double>(objects);
    const double f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
    if (f1 <= choice.f1) continue;
    choice.threshold = best[i].first;
    choice.f1 = f1;
    choice.precision = precision;
    choice.recall = recall;
  }
  return choice;
}

}  // namespace inkling
