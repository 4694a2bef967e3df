#include "core/training/calibration.h"

#include <ATen/ops/linalg_solve.h>

#include <algorithm>
#include <cmath>

#include "core/evaluation/ranking.h"
#include "core/training/pair_labels.h"

namespace inkling {
namespace {

constexpr std::int64_t kTopProposals = 20;
constexpr std::size_t kDrawingsPerWord = 48;

Tensor unitParts(const Tensor& rows, std::int64_t members) {
  const Tensor parts = rows.unflatten(-1, {members, -1});
  return (parts / parts.norm(2, -1, true).clamp_min(1e-6) / std::sqrt(static_cast<double>(members))).flatten(-2);
}

// What the regression sees: the best proposals of each pair.
struct Samples {
  std::vector<Tensor> evidence, labels;  ///< per pair: [k, kEvidence], [k]
  std::vector<bool> present;
};

struct Ranked {
  double auroc = 0, ap50 = 0;
};

// Ranks pairs by their best score and boxes by their own, over all pairs.
Ranked rank(const Samples& samples, const Tensor& weights) {
  std::vector<double> there, missing;
  std::vector<std::pair<double, bool>> boxes;
  for (std::size_t i = 0; i < samples.evidence.size(); ++i) {
    const Tensor scores = at::matmul(samples.evidence[i].to(at::kDouble), weights).contiguous();
    (samples.present[i] ? there : missing).push_back(scores.max().item<double>());
    for (std::int64_t k = 0; k < scores.size(0); ++k) {
      boxes.emplace_back(scores.data_ptr<double>()[k], samples.labels[i][k].item<float>() > 0.5F);
    }
  }
  std::stable_sort(boxes.begin(), boxes.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<bool> relevance;
  for (const auto& [value, right] : boxes) relevance.push_back(right);
  return {areaUnderRoc(there, missing), averagePrecision(relevance)};
}

void addPairs(const MatchHead& head, const PooledScene& pooled, const SketchBank& bank, Random& random, Samples& samples) {
  const Scene& scene = *pooled.scene;
  const auto present = static_cast<std::int64_t>(scene.objects.size());
  std::vector<std::int64_t> words = chooseWords(scene, present, present, random);
  std::erase_if(words, [&](std::int64_t word) { return !bank.has(word); });
  if (words.empty()) return;
  const RegionFeatures regions = wideRegions(pooled.proposals);
  const Tensor votes = votesOf(scene, head.members());
  const Tensor embedded = head.embedRegions(regions, votes);
  for (const std::int64_t word : words) {
    const Tensor row = bank.pick({word}, random);
    const Tensor evidence = head.evidence(regions, embedded, head.embedSketches(bank.summaries(row)), bank.probabilities(row), votes)[0];
    const PairLabels labels = labelPairs(scene, word, regions.boxes[0], regions.valid[0]);
    const Tensor plain = head.score(evidence).masked_fill(labels.weight == 0, -1e9);
    const Tensor best = std::get<1>(plain.topk(std::min(kTopProposals, plain.size(0))));
    const Tensor known = best.masked_select(labels.weight.index_select(0, best) > 0);
    if (known.size(0) == 0) continue;
    samples.evidence.push_back(evidence.index_select(0, known));
    samples.labels.push_back(labels.target.index_select(0, known));
    samples.present.push_back(boxesOf(scene, word).size(0) > 0);
  }
}

}  // namespace

void fillBanks(LocalizerNetwork& network, const std::vector<PooledScene>& scenes, const SketchSet& drawings, const RunContext& context) {
  const at::NoGradGuard noGrad;
  const MatchHead& head = network.matchHead();
  Random random(mixSeed(context.seed, 41));
  Tensor words = at::zeros({static_cast<std::int64_t>(drawings.words.size()), network.config().embeddingWidth()});
  for (std::size_t word = 0; word < drawings.words.size(); ++word) {
    context.cancellation.check();
    std::vector<const Sketch*> chosen;
    for (std::size_t i = 0; i < std::min(kDrawingsPerWord, drawings.byWord[word].size()); ++i) chosen.push_back(&drawings.sketches[drawings.byWord[word][i]]);
    if (chosen.empty()) continue;
    const auto encoded = network.sketchEncoder().forward(augmentedBatch(chosen, network.config().sketch.size, {}, {}, random));
    words[static_cast<std::int64_t>(word)] = unitParts(head.embedSketches(encoded.summary).mean(0), network.config().matchMembers);
  }
  std::vector<Tensor> background;
  for (std::int64_t i = 0; i < MatchHead::kBackground; ++i) {
    const PooledScene& scene = random.pick(scenes);
    const auto count = static_cast<std::uint32_t>(std::max<std::int64_t>(scene.proposals.valid.sum().item<std::int64_t>(), 1));
    const Tensor index = at::tensor({static_cast<std::int64_t>(random.below(count))}, at::kLong);
    background.push_back(head.embedRegions(wideRegions(selectRegions(scene.proposals, index)))[0]);
  }
  network.matchHead().setBanks(words, at::cat(background));
}

void calibrate(MatchHead& head, const std::vector<PooledScene>& scenes, const SketchBank& bank, const RunContext& context) {
  const at::NoGradGuard noGrad;
  Samples samples;
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    const Scene& scene = *scenes[i].scene;
    if (!scene.exhaustive || (head.members() == 1 && !scene.held)) continue;
    Random random(mixSeed(context.seed, i, 43));
    addPairs(head, scenes[i], bank, random, samples);
  }
  if (samples.evidence.empty()) return;
  const Tensor evidence = at::cat(samples.evidence).to(at::kDouble), labels = at::cat(samples.labels).to(at::kDouble);
  const Tensor ones = at::ones({evidence.size(0), 1}, at::kDouble);
  const Tensor before = head.weights().to(at::kDouble);
  const Tensor prior = at::cat({before, at::zeros({1}, at::kDouble)});
  const Tensor fitted = fitLogistic(at::cat({evidence, ones}, 1), labels, prior, 1.0);
  const Tensor weights = fitted.slice(0, 0, MatchHead::kEvidence);
  const Ranked plain = rank(samples, before), ranked = rank(samples, weights);
  head.setWeights(weights.to(at::kFloat), fitted[MatchHead::kEvidence].item<double>());
  std::map<std::string, double> row{{"queries", static_cast<double>(samples.present.size())}, {"presence_auroc", ranked.auroc},
                                    {"plain_presence_auroc", plain.auroc}, {"box_ap50", ranked.ap50}, {"plain_box_ap50", plain.ap50}};
  const char* names[] = {"cosine", "objectness", "sketch_level", "agreement", "offset"};
  for (std::int64_t i = 0; i <= MatchHead::kEvidence; ++i) row[std::string("weight_") + names[i]] = fitted[i].item<double>();
  context.log->replace({"calibration", 0, row});
}

Tensor fitLogistic(const Tensor& x, const Tensor& y, const Tensor& prior, double ridge) {
  Tensor weights = prior.clone();
  const Tensor identity = at::eye(x.size(1), at::kDouble);
  for (int i = 0; i < 50; ++i) {
    const Tensor p = at::sigmoid(at::matmul(x, weights));
    const Tensor gradient = at::matmul(x.t(), p - y) + ridge * (weights - prior);
    const Tensor hessian = at::matmul(x.t(), x * (p * (1 - p)).unsqueeze(1)) + ridge * identity;
    const Tensor step = at::linalg_solve(hessian, gradient);
    // Far from the answer a full step overshoots; its length is bounded.
    weights = weights - step / std::max(step.abs().max().item<double>() / 5.0, 1.0);
    if (step.abs().max().item<double>() < 1e-8) break;
  }
  return weights;
}

}  // namespace inkling
