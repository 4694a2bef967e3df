// Losses for sets of boxes: Hungarian matching of predictions to objects, then classification, L1
// and GIoU losses on the matched pairs. Two classification losses: the softmax cross-entropy of
// DETR (Carion et al., 2020; HungarianMatcher and SetCriterion of the official code) and the
// sigmoid focal loss of Deformable DETR, ViDT and LocFormer.
#pragma once

#include <cstddef>
#include <vector>

#include "core/nn/tensor.h"

namespace inkling {

/// The objects of one photo: labels [n] int64, boxes [n, 4] cxcywh in 0..1.
struct TargetBoxes {
  Tensor labels, boxes;
};

/// Predictions of one decoder layer: logits [B, Q, K], boxes [B, Q, 4] cxcywh in 0..1.
struct SetPrediction {
  Tensor logits, boxes;
};

enum class ClassLoss {
  kSoftmax,  ///< the last class means "no object" and counts `noObjectWeight`
  kFocal,    ///< one sigmoid a class
};

struct SetCriterionOptions {
  ClassLoss classLoss = ClassLoss::kFocal;
  double costClass = 2, costBox = 5, costGiou = 2;
  double weightClass = 2, weightBox = 5, weightGiou = 2;
  double noObjectWeight = 0.1;
  double focalAlpha = 0.25, focalGamma = 2;
};

/// Query `query[i]` of a photo is matched with its object `target[i]`; ordered by query.
struct SetMatch {
  std::vector<std::int64_t> query, target;
};

/// Sum over elements of alpha_t (1 - p_t)^gamma CE(p, target). Logits and targets have one shape.
Tensor sigmoidFocalLoss(const Tensor& logits, const Tensor& targets, double alpha, double gamma);

class SetCriterion {
 public:
  explicit SetCriterion(const SetCriterionOptions& options) : options_(options) {}

  /// [Q, sum of objects of all photos] matching costs of photo `index`'s queries.
  Tensor costMatrix(const SetPrediction& prediction, std::int64_t index, const Tensor& labels,
                    const Tensor& boxes) const;

  /// One match a photo.
  std::vector<SetMatch> match(const SetPrediction& prediction,
                              const std::vector<TargetBoxes>& targets) const;

  struct Losses {
    Tensor classification, box, giou;  ///< unweighted scalars, divided by the number of objects
    Tensor classError;  ///< percent of matched queries whose best class is wrong (softmax only)
    Tensor cardinalityError;  ///< mean |predicted - true count| (softmax only)
    std::vector<SetMatch> matches;
  };
  Losses forward(const SetPrediction& prediction, const std::vector<TargetBoxes>& targets) const;

  /// weightClass * classification + weightBox * box + weightGiou * giou.
  Tensor weighted(const Losses& losses) const;

 private:
  SetCriterionOptions options_;
};

}  // namespace inkling
