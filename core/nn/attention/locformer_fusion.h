// LocFormer's fusion block: one set of tokens attends to another. The same block guides the trunk
// (photo tokens attend to sketch tokens) and refines objects and sketch against each other after
// the decoder. Source: Tripathi, Mishra and Chakraborty, "Query-guided Attention in Vision
// Transformers for Localizing Objects Using a Single Sketch" (WACV 2024), class CrossMHAFusion of
// the official code:
//     y = LN(x + FFN(MHA(q = x + pos, k = s + pos_s, v = s)))   with no residual around the
//     attention.
#pragma once

#include "core/nn/attention/multi_head.h"
#include "core/nn/layers.h"

namespace inkling {

struct LocformerFusion : Module {
  MultiHeadAttention self_attn;
  Linear linear1, linear2;
  LayerNorm norm3;

  LocformerFusion(std::int64_t dim, std::int64_t hidden, std::int64_t heads, Random& random);

  /// `tokens` [B, N, D] attend to `other` [B, M, D]; positions may be undefined; `keyBias` as in
  /// MultiHeadAttention.
  AttentionResult forward(const Tensor& tokens, const Tensor& position, const Tensor& other,
                          const Tensor& otherPosition, const Tensor& keyBias = {},
                          bool wantMap = false) const;
};

/// Fusion at one stage of the trunk: the sketch map is brought to the trunk's width by a 1x1
/// convolution and a GroupNorm with 32 groups, both sides get sine positions, then the block above
/// runs.
struct LocformerEncoderFusion : Module {
  LocformerFusion fusion;
  Tensor projectWeight, projectBias;
  GroupNorm projectNorm;

  LocformerEncoderFusion(std::int64_t dim, std::int64_t hidden, std::int64_t heads,
                         std::int64_t sketchChannels, Random& random);

  /// Tokens [B, H*W, D] and a sketch map [B, C, h, w] to tokens [B, H*W, D]. `keyBias` [B, h*w] may
  /// be undefined.
  AttentionResult forward(const Tensor& tokens, TokenGrid grid, const Tensor& sketch,
                          const Tensor& keyBias = {}, bool wantMap = false) const;
};

}  // namespace inkling
