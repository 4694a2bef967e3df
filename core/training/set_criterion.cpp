#include "core/training/set_criterion.h"

#include <algorithm>
#include <numeric>

#include "core/nn/box_ops.h"
#include "core/training/hungarian.h"

namespace inkling {
namespace {

Tensor focalCost(const Tensor& logits, const Tensor& labels, double alpha, double gamma) {
  const Tensor p = at::sigmoid(logits);
  const Tensor negative = (1 - alpha) * at::pow(p, gamma) * -at::log(1 - p + 1e-8);
  const Tensor positive = alpha * at::pow(1 - p, gamma) * -at::log(p + 1e-8);
  return (positive - negative).index_select(1, labels);
}

// Where the matched queries and their objects are, over the whole batch.
struct Pairs {
  Tensor photo, query;   // indices into predictions
  Tensor labels, boxes;  // matched objects
  std::int64_t count = 0;
};

Pairs gather(const std::vector<SetMatch>& matches, const std::vector<TargetBoxes>& targets,
             at::Device device) {
  std::vector<std::int64_t> photo, query;
  std::vector<Tensor> labels, boxes;
  for (std::size_t i = 0; i < matches.size(); ++i) {
    if (matches[i].query.empty()) continue;
    photo.insert(photo.end(), matches[i].query.size(), static_cast<std::int64_t>(i));
    query.insert(query.end(), matches[i].query.begin(), matches[i].query.end());
    const Tensor index = at::tensor(matches[i].target, at::kLong).to(device);
    labels.push_back(targets[i].labels.index_select(0, index));
    boxes.push_back(targets[i].boxes.index_select(0, index));
  }
  Pairs pairs;
  pairs.count = static_cast<std::int64_t>(photo.size());
  if (pairs.count == 0) return pairs;
  pairs.photo = at::tensor(photo, at::kLong).to(device);
  pairs.query = at::tensor(query, at::kLong).to(device);
  pairs.labels = at::cat(labels);
  pairs.boxes = at::cat(boxes);
  return pairs;
}

// The cheapest pairs of a photo's costs [queries, objects].
SetMatch assign(std::span<const double> costs, std::size_t queries, std::size_t objects) {
  std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
  if (queries >= objects) {
    const auto rows = assignColumns(costs, queries, objects);
    for (std::size_t k = 0; k < objects; ++k) pairs.emplace_back(rows[k], k);
  } else {
    // More objects than queries: every query gets one, some objects stay without.
    std::vector<double> flipped(costs.size());
    for (std::size_t q = 0; q < queries; ++q) {
      for (std::size_t k = 0; k < objects; ++k) flipped[k * queries + q] = costs[q * objects + k];
    }
    const auto rows = assignColumns(flipped, objects, queries);
    for (std::size_t k = 0; k < queries; ++k) pairs.emplace_back(k, rows[k]);
  }
  std::sort(pairs.begin(), pairs.end());
  SetMatch match;
  for (const auto& [query, target] : pairs) {
    match.query.push_back(query);
    match.target.push_back(target);
  }
  return match;
}

}  // namespace

Tensor sigmoidFocalLoss(const Tensor& logits, const Tensor& targets, double alpha, double gamma) {
  const Tensor p = at::sigmoid(logits);
  const Tensor entropy =
      at::binary_cross_entropy_with_logits(logits, targets, {}, {}, at::Reduction::None);
  const Tensor miss = p * (1 - targets) + (1 - p) * targets;
  const Tensor weight = alpha * targets + (1 - alpha) * (1 - targets);
  return (weight * entropy * at::pow(miss, gamma)).sum();
}

Tensor SetCriterion::costMatrix(const SetPrediction& prediction, std::int64_t index,
                                const Tensor& labels, const Tensor& boxes) const {
  const Tensor logits = prediction.logits[index], predicted = prediction.boxes[index];
  const Tensor classCost =
      options_.classLoss == ClassLoss::kSoftmax
          ? -at::softmax(logits, -1).index_select(1, labels)
          : focalCost(logits, labels, options_.focalAlpha, options_.focalGamma);
  const Tensor boxCost = at::cdist(predicted, boxes, 1.0);
  const Tensor giouCost = -generalizedBoxIou(cxcywhToXyxy(predicted), cxcywhToXyxy(boxes));
  return options_.costBox * boxCost + options_.costClass * classCost + options_.costGiou * giouCost;
}

std::vector<SetMatch> SetCriterion::match(const SetPrediction& prediction,
                                          const std::vector<TargetBoxes>& targets) const {
  const at::NoGradGuard noGrad;
  std::vector<SetMatch> matches(targets.size());
  // All costs in one piece: a card is waited for once.
  std::vector<Tensor> costs;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (targets[i].boxes.size(0) == 0) continue;
    costs.push_back(
        costMatrix(prediction, static_cast<std::int64_t>(i), targets[i].labels, targets[i].boxes)
            .to(at::kDouble)
            .flatten());
  }
  if (costs.empty()) return matches;
  const Tensor all = at::cat(costs).cpu();
  const double* next = all.data_ptr<double>();
  const auto queries = static_cast<std::size_t>(prediction.boxes.size(1));
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const auto objects = static_cast<std::size_t>(targets[i].boxes.size(0));
    if (objects == 0) continue;
    matches[i] = assign({next, queries * objects}, queries, objects);
    next += queries * objects;
  }
  return matches;
}

SetCriterion::Losses SetCriterion::forward(const SetPrediction& prediction,
                                           const std::vector<TargetBoxes>& targets) const {
  Losses losses;
  losses.matches = match(prediction, targets);
  const at::Device device = prediction.logits.device();
  const Pairs pairs = gather(losses.matches, targets, device);
  std::int64_t total = 0;
  for (const TargetBoxes& target : targets) total += target.boxes.size(0);
  const double objects = static_cast<double>(std::max<std::int64_t>(total, 1));
  const std::int64_t classes = prediction.logits.size(2);

  if (options_.classLoss == ClassLoss::kSoftmax) {
    Tensor wanted = at::full({prediction.logits.size(0), prediction.logits.size(1)}, classes - 1,
                             at::TensorOptions(at::kLong).device(device));
    if (pairs.count > 0) wanted.index_put_({pairs.photo, pairs.query}, pairs.labels);
    Tensor weights = at::ones({classes}, prediction.logits.options());
    weights[classes - 1] = options_.noObjectWeight;
    losses.classification =
        at::cross_entropy_loss(prediction.logits.transpose(1, 2), wanted, weights);
    if (pairs.count > 0) {
      const Tensor best = prediction.logits.index({pairs.photo, pairs.query}).argmax(-1);
      losses.classError = 100 - 100 * (best == pairs.labels).to(at::kFloat).mean();
    } else {
      losses.classError = at::full({}, 100.0);
    }
    std::vector<float> counts;
    for (const TargetBoxes& target : targets)
      counts.push_back(static_cast<float>(target.boxes.size(0)));
    const Tensor found = (prediction.logits.argmax(-1) != classes - 1).sum(1).to(at::kFloat);
    losses.cardinalityError = (found - at::tensor(counts).to(device)).abs().mean();
  } else {
    Tensor wanted = at::zeros_like(prediction.logits);
    if (pairs.count > 0)
      wanted.index_put_({pairs.photo, pairs.query, pairs.labels}, at::ones({}, wanted.options()));
    losses.classification =
        sigmoidFocalLoss(prediction.logits, wanted, options_.focalAlpha, options_.focalGamma) /
        objects;
  }
  if (pairs.count > 0) {
    const Tensor matched = prediction.boxes.index({pairs.photo, pairs.query});
    losses.box = (matched - pairs.boxes).abs().sum() / objects;
    losses.giou =
        (1 - pairedGeneralizedIou(cxcywhToXyxy(matched), cxcywhToXyxy(pairs.boxes))).sum() /
        objects;
  } else {
    losses.box = prediction.boxes.sum() * 0;
    losses.giou = prediction.boxes.sum() * 0;
  }
  return losses;
}

Tensor SetCriterion::weighted(const Losses& losses) const {
  return options_.weightClass * losses.classification + options_.weightBox * losses.box +
         options_.weightGiou * losses.giou;
}

}  // namespace inkling
