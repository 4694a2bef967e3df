#include "core/training/calibration.h"

#include <algorithm>
#include <cmath>

#include <ATen/ops/linalg_solve.h>

#include "core/evaluation/ranking.h"
#include "core/nn/box_ops.h"
#include "core/nn/tensor_values.h"
#include "core/training/judged.h"
#include "core/training/pair_labels.h"

namespace inkling {
namespace {

constexpr std::size_t kDetections = 30, kDrawingsPerWord = 48;
constexpr int kRounds = 3;
constexpr double kRidge = 1.0;

// Minimises a convex loss plus `ridge` / 2 |w - prior|^2 by Newton's method; `slope(w)` gives
// gradient and Hessian of the loss.
template <typename Slope>
Tensor minimised(const Slope& slope, const Tensor& prior, double ridge) {
  Tensor weights = prior.clone();
  const Tensor identity = at::eye(prior.size(0), at::kDouble);
  for (int i = 0; i < 50; ++i) {
    const auto [gradient, hessian] = slope(weights);
    const Tensor step =
        at::linalg_solve(hessian + ridge * identity, gradient + ridge * (weights - prior));
    const double longest = step.abs().max().template item<double>();
    // Far from the answer a full step overshoots; its length is bounded.
    weights = weights - step / std::max(longest / 5.0, 1.0);
    if (longest < 1e-8) break;
  }
  return weights;
}

// One (photo, drawing) pair.
struct Pair {
  Tensor evidence;  ///< [n, kEvidence] of the real proposals
  std::vector<Box> boxes, objects, ignored;
};

// The detections of all pairs under some weights: rows of evidence and whether they are right.
struct Detections {
  Tensor evidence, right;
  double ap50 = 0, presenceAuroc = 0;
};

Detections detect(const std::vector<Pair>& pairs, const Tensor& weights, double overlap) {
  std::vector<Tensor> rows;
  std::vector<float> right;
  std::vector<std::pair<float, bool>> ranking;
  std::vector<double> there, missing;
  std::size_t objects = 0;
  for (const Pair& pair : pairs) {
    const Tensor logits = at::matmul(pair.evidence.to(at::kDouble), weights);
    const std::vector<float> scores = floatsOf(logits);
    std::vector<std::int64_t> kept;
    for (const Judged& judged :
         judge(pair.boxes, scores, pair.objects, pair.ignored, overlap, kDetections)) {
      kept.push_back(static_cast<std::int64_t>(judged.index));
      right.push_back(judged.right ? 1.0F : 0.0F);
      // The protocol's AP counts pairs with the object alone; absent ones are what presence is
      // about.
      if (!pair.objects.empty()) ranking.emplace_back(scores[judged.index], judged.right);
    }
    rows.push_back(pair.evidence.index_select(0, at::tensor(kept, at::kLong)));
    objects += pair.objects.size();
    (pair.objects.empty() ? missing : there).push_back(logits.max().item<double>());
  }
  std::stable_sort(ranking.begin(), ranking.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<bool> relevance;
  for (const auto& [score, hit] : ranking) relevance.push_back(hit);
  const auto hits = static_cast<double>(std::count(relevance.begin(), relevance.end(), true));
  Detections result{at::cat(rows).to(at::kDouble), at::tensor(right).to(at::kDouble), 0,
                    areaUnderRoc(there, missing)};
  if (hits > 0) result.ap50 = averagePrecision(relevance) * hits / static_cast<double>(objects);
  return result;
}

class EvidenceFit {
 public:
  EvidenceFit(MatchHead& head, const SketchBank& bank, double overlap, const RunContext& context)
      : head_(head), bank_(bank), overlap_(overlap), context_(context) {}

  void run(const std::vector<PooledScene>& scenes) {
    for (std::size_t i = 0; i < scenes.size(); ++i) {
      const Scene& scene = *scenes[i].scene;
      if (scene.exhaustive && (head_.members() > 1 || scene.held))
        chosen_.emplace_back(i, &scenes[i]);
    }
    if (chosen_.empty()) return;
    fitTrust();
    fitWeights();
    context_.log->replace({"calibration", 0, row_});
  }

 private:
  // What is fitted is small and wants exact solvers: it lies with the processor.
  static Tensor exact(const Tensor& t) { return t.to(at::kCPU, at::kDouble); }
  RegionFeatures regionsOf(const RegionFeatures& stored) const {
    return wideRegions(stored.to(context_.device));
  }
  Tensor embed(const Scene& scene, const RegionFeatures& regions) const {
    return head_.embedRegions(regions, votesOf(scene, head_.members(), context_.device));
  }

  void fitTrust() {
    std::vector<Tensor> cosines;
    std::vector<std::int64_t> words;
    const auto experts = static_cast<std::int64_t>(head_.experts());
    for (const auto& [index, scene] : chosen_) {
      if (scene->objects.size() == 0) continue;
      const Tensor embedded = embed(*scene->scene, regionsOf(scene->objects.features))[0];
      // Every box against the mean drawing of every word.
      cosines.push_back(head_.cosines(embedded, head_.words()).transpose(0, 1).cpu());
      words.insert(words.end(), scene->objects.words.begin(), scene->objects.words.end());
    }
    if (cosines.empty()) return;
    const Tensor all = at::cat(cosines).to(at::kDouble), truth = at::tensor(words, at::kLong);
    const Tensor trust = fitMultinomial(all, truth, exact(head_.trust()), kRidge);
    head_.setTrust(trust.to(at::kFloat));
    row_["boxes_named"] =
        (at::matmul(all, trust).argmax(1) == truth).to(at::kFloat).mean().item<double>();
    for (std::int64_t i = 0; i < experts; ++i)
      row_["trust_" + std::to_string(i)] = trust[i].item<double>();
  }

  void fitWeights() {
    std::vector<Pair> pairs;
    for (const auto& [index, scene] : chosen_) {
      Random random(mixSeed(context_.seed, index, 43));
      addPairs(*scene, random, pairs);
    }
    if (pairs.empty()) return;
    const Tensor before = exact(head_.weights());
    const Tensor prior = at::cat({before, at::zeros({1}, at::kDouble)});
    const Detections plain = detect(pairs, before, overlap_);
    Detections now = plain, best;
    Tensor weights;
    // Which boxes survive depends on the weights, so they are fitted again to the survivors. That
    // may swing instead of settling: the best round counts.
    for (int round = 0; round < kRounds; ++round) {
      const Tensor ones = at::ones({now.evidence.size(0), 1}, at::kDouble);
      const Tensor fitted = fitLogistic(at::cat({now.evidence, ones}, 1), now.right, prior, kRidge);
      now = detect(pairs, fitted.slice(0, 0, MatchHead::kEvidence), overlap_);
      if (weights.defined() && now.ap50 <= best.ap50) continue;
      weights = fitted;
      best = now;
    }
    head_.setWeights(weights.slice(0, 0, MatchHead::kEvidence).to(at::kFloat),
                     weights[MatchHead::kEvidence].item<double>());
    row_["queries"] = static_cast<double>(pairs.size());
    row_["plain_ap50"] = plain.ap50;
    row_["ap50"] = best.ap50;
    row_["plain_presence_auroc"] = plain.presenceAuroc;
    row_["presence_auroc"] = best.presenceAuroc;
    const char* names[] = {"similarity", "objectness", "agreement", "context", "offset"};
    for (std::int64_t i = 0; i <= MatchHead::kEvidence; ++i)
      row_[std::string("weight_") + names[i]] = weights[i].item<double>();
  }

  void addPairs(const PooledScene& pooled, Random& random, std::vector<Pair>& pairs) const {
    const Scene& scene = *pooled.scene;
    const auto present = static_cast<std::int64_t>(scene.objects.size());
    const RegionFeatures regions = regionsOf(pooled.proposals);
    const Tensor embedded = embed(scene, regions), names = head_.nameRegions(embedded);
    const Tensor real = pooled.proposals.valid[0].nonzero().squeeze(1);
    if (real.size(0) == 0) return;
    const std::vector<Box> boxes = plainBoxes(pooled.proposals.boxes[0].index_select(0, real));
    const std::vector<Box> ignored =
        scene.ignored.defined() ? plainBoxes(scene.ignored) : std::vector<Box>{};
    for (const std::int64_t word : chooseWords(scene, present, present, random)) {
      if (!bank_.has(word)) continue;
      const Tensor row = bank_.pick({word}, random);
      const Tensor evidence =
          head_
              .evidence(regions, embedded, names, head_.embedSketches(bank_.summaries(row)),
                        at::softmax(bank_.logits(row), -1))[0]
              .cpu();
      pairs.push_back(
          {evidence.index_select(0, real), boxes, plainBoxes(boxesOf(scene, word)), ignored});
    }
  }

  MatchHead& head_;
  const SketchBank& bank_;
  double overlap_;
  const RunContext& context_;
  std::vector<std::pair<std::size_t, const PooledScene*>> chosen_;
  std::map<std::string, double> row_;
};

}  // namespace

void setWords(LocalizerNetwork& network, const SketchSet& drawings, const RunContext& context) {
  const at::NoGradGuard noGrad;
  MatchHead& head = network.matchHead();
  Random random(mixSeed(context.seed, 41));
  Tensor words = at::zeros_like(head.words());
  for (std::size_t word = 0; word < drawings.words.size(); ++word) {
    context.cancellation.check();
    std::vector<const Sketch*> chosen;
    for (std::size_t i = 0; i < std::min(kDrawingsPerWord, drawings.byWord[word].size()); ++i)
      chosen.push_back(&drawings.sketches[drawings.byWord[word][i]]);
    if (chosen.empty()) continue;
    const auto encoded = network.sketchEncoder().forward(
        augmentedBatch(chosen, network.config().sketch.size, {}, {}, random).to(context.device));
    words[static_cast<std::int64_t>(word)] =
        head.renormalized(head.embedSketches(encoded.summary).mean(0));
  }
  head.setWords(words);
}

void calibrate(MatchHead& head, const std::vector<PooledScene>& scenes, const SketchBank& bank,
               double overlap, const RunContext& context) {
  const at::NoGradGuard noGrad;
  EvidenceFit(head, bank, overlap, context).run(scenes);
}

Tensor fitLogistic(const Tensor& x, const Tensor& y, const Tensor& prior, double ridge) {
  const auto slope = [&](const Tensor& weights) {
    const Tensor p = at::sigmoid(at::matmul(x, weights));
    return std::pair{at::matmul(x.t(), p - y), at::matmul(x.t(), x * (p * (1 - p)).unsqueeze(1))};
  };
  return minimised(slope, prior, ridge);
}

Tensor fitMultinomial(const Tensor& x, const Tensor& y, const Tensor& prior, double ridge) {
  const Tensor right = x.gather(1, y.view({-1, 1, 1}).expand({x.size(0), 1, x.size(2)})).squeeze(1),
               flat = x.flatten(0, 1);
  const auto slope = [&](const Tensor& weights) {
    const Tensor p = at::softmax(at::matmul(x, weights), 1).unsqueeze(2);
    const Tensor mean = (x * p).sum(1);
    // The Hessian: the sum over examples of the covariance of x under p.
    return std::pair{(mean - right).sum(0),
                     at::matmul(flat.t(), flat * p.flatten(0, 1)) - at::matmul(mean.t(), mean)};
  };
  return minimised(slope, prior, ridge);
}

}  // namespace inkling
