// After matching: the banks that the matching head compares with, and the weights of its evidence. The weights are those
// of a logistic regression on what each photo's unknowing member says (see match_head.h), so they hold on new photos.
#pragma once

#include "core/training/matching_trainer.h"

namespace inkling {

struct CalibrationFigures {
  std::int64_t queries = 0;      ///< (photo, drawing) pairs
  double presenceAuroc = 0;      ///< of the best score: the word is there against it is not
  double plainPresenceAuroc = 0; ///< the same before calibration: 8 cosine + log objectness
  double boxAp50 = 0, plainBoxAp50 = 0;  ///< average precision over all pairs, each proposal right from IoU 0.5
};

/// Fills the banks of the network's matching head: the mean drawing of every word (no photo is needed for that) and random
/// regions of `scenes`.
void fillBanks(LocalizerNetwork& network, const std::vector<PooledScene>& scenes, const SketchSet& drawings, const RunContext& context);

/// Fits the weights of the evidence on exhaustive scenes: all of them with several members, the held ones with one.
/// Without any, the weights stay.
CalibrationFigures calibrate(MatchHead& head, const std::vector<PooledScene>& scenes, const SketchBank& bank,
                             const RunContext& context);

/// Logistic regression by Newton's method. x [n, d] with a column of ones at the end, y [n] 0 or 1; `prior` [d] is what
/// the ridge penalty `ridge` pulls towards. Returns [d] (all double).
Tensor fitLogistic(const Tensor& x, const Tensor& y, const Tensor& prior, double ridge);

}  // namespace inkling
