// Whether scores mean what they say: reliability of boxes and of photos, and what the default
// threshold lets through when the thing that is looked for is not there.
#pragma once

#include <vector>

#include "core/base/json.h"
#include "core/evaluation/protocol.h"
#include "core/evaluation/ranking.h"

namespace inkling {

struct Honesty {
  /// Boxes with a score of at least 0.05, right when they find an object at IoU 0.5 (each object
  /// once; boxes on crowds do not count). The multitude of boxes below says only that a score near
  /// 0 is near 0.
  Calibration boxes;
  /// The score of each photo as the probability that the object is there; photos with and without
  /// it count half each.
  Calibration photos;
  double threshold = 0;
  /// Of boxes at the threshold, over queries whose object is there; 0 of nothing.
  double precision = 0, recall = 0;
  double falsePositivesPerPhoto = 0;  ///< boxes at the threshold, for sketches of absent things
  double photosWithFalseMatch = 0;    ///< share of such photos that have any
};

/// Queries, detections and scores of photos as for evaluateProtocol; scores are probabilities.
/// Throws UsageError for a score out of 0 .. 1.
Honesty evaluateHonesty(const CocoDataset& dataset, const std::vector<Query>& queries,
                        const std::vector<std::vector<ScoredBox>>& detections, double threshold,
                        const std::vector<double>& photoScores = {});

Json toJson(const Honesty& honesty);
std::string toText(const Honesty& honesty);

}  // namespace inkling
