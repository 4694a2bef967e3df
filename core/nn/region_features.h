// Features of boxes, pooled from the trunk's maps.
#pragma once

#include "core/nn/photo_tensors.h"

namespace inkling {

/// Mean of bilinear samples on a `samples` x `samples` lattice over the central `share` of each
/// box. map [B, C, h, w], boxes [B, P, 4] cxcywh in 0..1 of the square; returns [B, P, C].
Tensor poolBoxes(const Tensor& map, const Tensor& boxes, double share, std::int64_t samples);

/// The inputs of the matching embedding for boxes of one or several photos.
struct RegionFeatures {
  Tensor tokens;  ///< [B, P, tokenWidth] mean transformer tokens of the central 70 %
  Tensor cnn;  ///< [B, P, 1280] mean of the CNN map in the central 60 %; undefined without the CNN
  Tensor classes;     ///< [B, P, 80] log class scores, shifted to about 0..1; undefined without the
                      ///< detector
  Tensor objectness;  ///< [B, P]
  Tensor boxes;       ///< [B, P, 4]
  Tensor valid;       ///< [B, P] bool, false for padding

  RegionFeatures to(at::Device device) const;
};

/// log scores from 0..1 scores: 0 for 1e-4 and less, 1 for certainty.
Tensor logScores(const Tensor& scores);

}  // namespace inkling
