#include "core/training/output_choice.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/evaluation/ranking.h"
#include "core/nn/box_ops.h"
#include "core/nn/tensor_values.h"
#include "core/training/calibration.h"
#include "core/training/judged.h"
#include "core/training/matching_trainer.h"
#include "core/training/pair_labels.h"

namespace inkling {
namespace {

constexpr std::array kOverlaps{0.4, 0.5, 0.6, 0.7};
constexpr std::array kShares{0.0, 0.25, 0.5, 0.75, 1.0};
constexpr std::size_t kLimit = 20;
constexpr double kRidge = 0.5;

// What was found for one drawing in one photo, in the square's coordinates.
struct Answer {
  std::vector<Box> boxes, objects, ignored;
  std::vector<float> start, correction;  // logits
  double context = 0;                    // of the photo

  double bestLogit(double share) const {
    double best = -1e9;
    for (std::size_t i = 0; i < start.size(); ++i)
      best = std::max(best, start[i] + share * correction[i]);
    return best;
  }
  std::vector<float> scores(double share) const {
    std::vector<float> result;
    for (std::size_t i = 0; i < start.size(); ++i) {
      result.push_back(static_cast<float>(1 / (1 + std::exp(-(start[i] + share * correction[i])))));
    }
    return result;
  }
};

Answer answerOf(const LocalizerNetwork::Located& located, const Tensor& objects,
                const Tensor& ignored) {
  const Tensor real = located.valid[0].nonzero().squeeze(1);
  const Tensor start = located.startLogits[0];
  const Tensor last = located.layers.empty() ? start : located.layers.back().logits[0];
  return {plainBoxes(located.boxes[0].index_select(0, real)),
          plainBoxes(objects),
          ignored.defined() ? plainBoxes(ignored) : std::vector<Box>{},
          floatsOf(start.index_select(0, real)),
          floatsOf((last - start).index_select(0, real)),
          located.context[0].item<double>()};
}

using Found = std::vector<std::pair<double, bool>>;  // score, right

// The detections of all answers that survive suppression, best first; each object is found once at
// most.
Found collect(const std::vector<Answer>& answers, double share, double overlap) {
  Found found;
  for (const Answer& answer : answers) {
    const std::vector<float> scores = answer.scores(share);
    for (const Judged& judged :
         judge(answer.boxes, scores, answer.objects, answer.ignored, overlap, kLimit)) {
      found.emplace_back(scores[judged.index], judged.right);
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  return found;
}

// Objects that were never found count as nothing.
double ap50Of(const Found& found, std::size_t objects) {
  std::vector<bool> right;
  for (const auto& [score, hit] : found) right.push_back(hit);
  const auto hits = static_cast<double>(std::count(right.begin(), right.end(), true));
  return hits > 0 ? averagePrecision(right) * hits / static_cast<double>(objects) : 0;
}

// `scoreOf` gives what an answer says of its photo.
template <typename F>
double presenceAuroc(const std::vector<Answer>& answers, F&& scoreOf) {
  std::vector<double> there, missing;
  for (const Answer& answer : answers)
    (answer.objects.empty() ? missing : there).push_back(scoreOf(answer));
  return areaUnderRoc(there, missing);
}

// Logistic regression on the best box and the photo's context; the prior is the best box alone.
void fitPresence(const std::vector<Answer>& answers, OutputChoice& choice) {
  std::vector<double> rows, present;
  for (const Answer& answer : answers) {
    rows.insert(rows.end(), {answer.bestLogit(choice.refinement), answer.context, 1.0});
    present.push_back(answer.objects.empty() ? 0 : 1);
  }
  const Tensor x = at::tensor(rows, at::kDouble).view({-1, 3}),
               y = at::tensor(present, at::kDouble);
  const Tensor weights = fitLogistic(x, y, at::tensor(choice.presence, at::kDouble), kRidge);
  for (std::size_t i = 0; i < 3; ++i)
    choice.presence[i] = weights[static_cast<std::int64_t>(i)].item<double>();
  choice.fittedPresenceAuroc = presenceAuroc(answers, [&](const Answer& answer) {
    return choice.presence[0] * answer.bestLogit(choice.refinement) +
           choice.presence[1] * answer.context;
  });
}

std::vector<Answer> ask(const LocalizerNetwork& network, const std::vector<Scene>& scenes,
                        const SketchSet& sketches, std::uint64_t seed, const Trunk* trunk) {
  const auto members = static_cast<std::size_t>(network.config().matchMembers);
  const at::Device device = network.device();
  std::vector<Answer> answers;
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    if (!scenes[i].held || scenes[i].objects.empty()) continue;
    Random random(mixSeed(seed, i, 31));
    PhotoBatch photo = network.prepare(readPhotoTensors(scenes[i].features).to(device));
    photo.votes = votesOf(scenes[i], members, device);
    const auto present = static_cast<std::int64_t>(scenes[i].objects.size());
    for (const std::int64_t word : chooseWords(scenes[i], present, present, random)) {
      const auto& drawings = sketches.byWord.at(static_cast<std::size_t>(word));
      if (drawings.empty()) continue;
      const Tensor raster =
          rasterBatch({&sketches.sketches[random.pick(drawings)]}, network.config().sketch.size)
              .to(device);
      const auto located = network.locate(
          photo, network.understand(raster, at::ones({1, 1}, raster.options()), trunk),
          network.config().trunk.proposals, false, trunk);
      if (!located.valid.any().item<bool>()) continue;
      answers.push_back(answerOf(located, boxesOf(scenes[i], word), scenes[i].ignored));
    }
  }
  return answers;
}

}  // namespace

OutputChoice chooseOutput(const LocalizerNetwork& network, const std::vector<Scene>& scenes,
                          const SketchSet& sketches, std::uint64_t seed, const Trunk* trunk) {
  const at::NoGradGuard noGrad;
  const std::vector<Answer> answers = ask(network, scenes, sketches, seed, trunk);
  OutputChoice choice;
  choice.queries = static_cast<std::int64_t>(answers.size());
  std::size_t objects = 0;
  for (const Answer& answer : answers) objects += answer.objects.size();
  if (objects == 0) return choice;

  Found best;
  for (const double share : kShares) {
    for (const double overlap : kOverlaps) {
      Found found = collect(answers, share, overlap);
      const double ap50 = ap50Of(found, objects);
      if (share == 0) choice.matchAp50 = std::max(choice.matchAp50, ap50);
      if (share == 1) choice.wholeAp50 = std::max(choice.wholeAp50, ap50);
      if (!best.empty() && ap50 <= choice.ap50) continue;
      choice.refinement = share;
      choice.overlap = overlap;
      choice.ap50 = ap50;
      best = std::move(found);
    }
  }
  choice.presenceAuroc =
      presenceAuroc(answers, [&](const Answer& a) { return a.bestLogit(choice.refinement); });
  choice.matchPresenceAuroc =
      presenceAuroc(answers, [](const Answer& a) { return a.bestLogit(0); });
  fitPresence(answers, choice);
  double right = 0;
  for (std::size_t i = 0; i < best.size(); ++i) {
    right += best[i].second ? 1 : 0;
    const double precision = right / static_cast<double>(i + 1),
                 recall = right / static_cast<double>(objects);
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
