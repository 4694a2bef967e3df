// Multi-scale deformable attention: each query looks at a few learned points around its reference,
// on every level. Source: Zhu et al., "Deformable DETR" (2021), class MSDeformAttn with
// ms_deform_attn_core_pytorch.
#pragma once

#include <vector>

#include "core/nn/attention/deformable_sampling.h"

namespace inkling {

struct MsDeformableAttention : Module {
  Linear sampling_offsets, attention_weights, value_proj, output_proj;
  std::int64_t levels, heads, points;
  SamplingWay sampling = SamplingWay::kBest;  ///< the kernel, wherever there is one

  MsDeformableAttention(std::int64_t dim, std::int64_t levelCount, std::int64_t headCount,
                        std::int64_t pointCount, Random& random);

  struct Result {
    Tensor tokens;     ///< [B, Q, D]
    Tensor locations;  ///< [B, Q, heads, levels, points, 2] sampling points (x, y) in 0..1
    Tensor weights;    ///< [B, Q, heads, levels, points], summing to one over levels and points
  };

  /// query [B, Q, D]; reference [B, Q, levels, 2] points or [.., 4] boxes cxcywh, in 0..1; value
  /// [B, sum(H*W), D] the levels one after another; `paddingMask` [B, sum(H*W)] bool (true: value
  /// counts as zero), may be undefined.
  Result forward(const Tensor& query, const Tensor& reference, const Tensor& value,
                 const std::vector<TokenGrid>& grids, const Tensor& paddingMask = {}) const;
};

}  // namespace inkling
