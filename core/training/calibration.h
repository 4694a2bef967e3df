// After matching: what the matching head compares with, and how much each of its voices counts. All
// of it is fitted to what each photo's unknowing member says (see match_head.h), so it holds on new
// photos.
#pragma once

#include "core/training/matching_trainer.h"

namespace inkling {

/// Sets the mean drawing of every word, from drawings alone.
void setWords(LocalizerNetwork& network, const SketchSet& drawings, const RunContext& context);

/// Fits, on exhaustive scenes (all of them with several members, the held ones with one; without
/// any, nothing changes): first the trust in each expert, so that boxes are named with honest
/// probabilities; then the weights of the evidence, by logistic regression on detections that
/// survive suppression at `overlap`, right or wrong as COCO's evaluation counts them. Fitting to
/// raw proposals instead would forget that a box has to fit: half overlaps and doubles would not
/// count as wrong. Logs the weights, and how boxes and presence are ranked before ("plain_...") and
/// after.
void calibrate(MatchHead& head, const std::vector<PooledScene>& scenes, const SketchBank& bank,
               double overlap, const RunContext& context);

/// Logistic regression by Newton's method. x [n, d] with a column of ones at the end, y [n] 0 or 1;
/// `prior` [d] is what the ridge penalty `ridge` pulls towards. Returns [d] (all double).
Tensor fitLogistic(const Tensor& x, const Tensor& y, const Tensor& prior, double ridge);

/// Weights [k] that make softmax(x w) the likeliest: x [n, classes, k], y [n] right classes (long);
/// ridge as above.
Tensor fitMultinomial(const Tensor& x, const Tensor& y, const Tensor& prior, double ridge);

}  // namespace inkling
