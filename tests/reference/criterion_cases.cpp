#include "core/training/set_criterion.h"
#include "tests/reference/nn_cases.h"

namespace inkling::reference {
namespace {

std::vector<TargetBoxes> splitTargets(const Case& c) {
  std::vector<TargetBoxes> targets;
  const Tensor counts = c.in("tgt_counts");
  std::int64_t start = 0;
  for (std::int64_t i = 0; i < counts.size(0); ++i) {
    const auto count = counts[i].item<std::int64_t>();
    targets.push_back({c.in("tgt_labels").slice(0, start, start + count),
                       c.in("tgt_boxes").slice(0, start, start + count)});
    start += count;
  }
  return targets;
}

// Matches are compared by object: the order in which a photo's pairs are listed has no meaning.
void expectSameMatches(const std::vector<SetMatch>& actual, const Case& c) {
  const Tensor counts = c.in("tgt_counts"), query = c.out("match_query"),
               target = c.out("match_target");
  std::int64_t at = 0;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    std::vector<std::pair<std::int64_t, std::int64_t>> wanted, got;
    for (std::int64_t k = 0; k < counts[static_cast<std::int64_t>(i)].item<std::int64_t>();
         ++k, ++at) {
      wanted.emplace_back(query[at].item<std::int64_t>(), target[at].item<std::int64_t>());
    }
    for (std::size_t k = 0; k < actual[i].query.size(); ++k)
      got.emplace_back(actual[i].query[k], actual[i].target[k]);
    std::sort(wanted.begin(), wanted.end());
    std::sort(got.begin(), got.end());
    EXPECT_EQ(got, wanted) << "photo " << i;
  }
}

SetCriterionOptions optionsOf(const Case& c, ClassLoss loss) {
  const Json& ctor = c.json.at("ctor");
  SetCriterionOptions options;
  options.classLoss = loss;
  options.costClass = ctor.at("cost_class");
  options.costBox = ctor.at("cost_bbox");
  options.costGiou = ctor.at("cost_giou");
  options.weightClass = ctor.at("weights").at("loss_ce");
  options.weightBox = ctor.at("weights").at("loss_bbox");
  options.weightGiou = ctor.at("weights").at("loss_giou");
  options.noObjectWeight = ctor.value("eos_coef", 0.1);
  options.focalAlpha = ctor.value("focal_alpha", 0.25);
  options.focalGamma = ctor.value("gamma", 2.0);
  return options;
}

void expectScalar(const Tensor& actual, const Tensor& expected, const std::string& what) {
  expectClose(actual.reshape({1}), expected.reshape({1}), kTolerance, what);
}

}  // namespace

void checkDetrCriterion(const Case& c) {
  const SetCriterion criterion(optionsOf(c, ClassLoss::kSoftmax));
  const auto targets = splitTargets(c);
  const SetPrediction main{c.in("pred_logits"), c.in("pred_boxes")};
  const auto losses = criterion.forward(main, targets);
  expectSameMatches(losses.matches, c);
  if (c.has("out.cost")) {
    std::vector<Tensor> costs;
    for (std::int64_t i = 0; i < main.logits.size(0); ++i) {
      costs.push_back(criterion.costMatrix(main, i, c.in("tgt_labels"), c.in("tgt_boxes")));
    }
    expectClose(at::stack(costs), c.out("cost"), kTolerance, "cost");
  }
  Tensor total = criterion.weighted(losses);
  const auto compare = [&](const SetCriterion::Losses& actual, const std::string& suffix) {
    expectScalar(actual.classification, c.out("loss.loss_ce" + suffix), "loss_ce" + suffix);
    expectScalar(actual.box, c.out("loss.loss_bbox" + suffix), "loss_bbox" + suffix);
    expectScalar(actual.giou, c.out("loss.loss_giou" + suffix), "loss_giou" + suffix);
    expectScalar(actual.cardinalityError, c.out("loss.cardinality_error" + suffix),
                 "cardinality_error" + suffix);
  };
  compare(losses, "");
  expectScalar(losses.classError, c.out("loss.class_error"), "class_error");
  for (int i = 0; c.has("in.aux" + std::to_string(i) + ".pred_logits"); ++i) {
    const std::string name = "aux" + std::to_string(i);
    const auto auxiliary =
        criterion.forward({c.in(name + ".pred_logits"), c.in(name + ".pred_boxes")}, targets);
    compare(auxiliary, "_" + std::to_string(i));
    total = total + criterion.weighted(auxiliary);
  }
  expectScalar(total, c.out("loss.total_weighted"), "total_weighted");
}

void checkVidtCriterion(const Case& c) {
  const SetCriterion criterion(optionsOf(c, ClassLoss::kFocal));
  const auto losses = criterion.forward({c.in("pred_logits"), c.in("pred_boxes")}, splitTargets(c));
  expectSameMatches(losses.matches, c);
  expectScalar(losses.classification, c.out("loss_ce"), "loss_ce");
  expectScalar(losses.box, c.out("loss_bbox"), "loss_bbox");
  expectScalar(losses.giou, c.out("loss_giou"), "loss_giou");
  expectScalar(criterion.weighted(losses), c.out("loss_total"), "loss_total");
}

}  // namespace inkling::reference
