// After matching: the banks that the matching head compares with, and the weights of its evidence. The weights are those
// of a logistic regression on what each photo's unknowing member says (see match_head.h), so they hold on new photos.
#pragma once

#include "core/training/matching_trainer.h"

namespace inkling {

/// Fills the banks of the network's matching head: the mean drawing of every word (no photo is needed for that) and random
/// regions of `scenes`.
void fillBanks(LocalizerNetwork& network, const std::vector<PooledScene>& scenes, const SketchSet& drawings, const RunContext& context);

/// Fits the weights of the evidence on exhaustive scenes: all of them with several members, the held ones with one.
/// Without any, the weights stay. Logs how presence and boxes are ranked with the weights before ("plain_...") and after.
void calibrate(MatchHead& head, const std::vector<PooledScene>& scenes, const SketchBank& bank, const RunContext& context);

/// Logistic regression by Newton's method. x [n, d] with a column of ones at the end, y [n] 0 or 1; `prior` [d] is what
/// the ridge penalty `ridge` pulls towards. Returns [d] (all double).
Tensor fitLogistic(const Tensor& x, const Tensor& y, const Tensor& prior, double ridge);

}  // namespace inkling
