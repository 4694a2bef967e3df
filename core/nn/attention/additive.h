// Efficient additive attention: linear in the number of tokens, without keys meeting queries one by
// one. Source: Shaker et al., "SwiftFormer: Efficient Additive Attention for Transformer-based
// Real-time Mobile Vision Applications" (ICCV 2023), class EfficientAdditiveAttnetion (sic) of the
// official code. With |v| = v / length of v, and D' = token_dim * num_heads:
//     q_i = |W_q x_i|,  k_i = |W_k x_i|                  of length 1, D' wide
//     a   = |(q_i . w_g / sqrt(token_dim))_i|            of length 1 over the tokens, no softmax
//     G   = sum_i a_i q_i                                the photo's global query
//     y_i = final(Proj(G * k_i) + q_i)                   token_dim wide
// Heads only widen the projections; nothing is computed head by head.
#pragma once

#include "core/nn/attention/attention.h"

namespace inkling {

struct AdditiveAttention : Module {
  Tensor w_g;  ///< [D', 1]
  Linear to_query, to_key, Proj, final;
  double scale;

  AdditiveAttention(std::int64_t inDim, std::int64_t tokenDim, std::int64_t heads, Random& random);

  struct Result {
    Tensor tokens;       ///< [B, N, token_dim]
    Tensor weights;      ///< a, [B, N, 1]
    Tensor globalQuery;  ///< G, [B, D']
  };
  /// Tokens [B, N, inDim].
  Result forward(const Tensor& tokens) const;
};

/// One head as wide as the tokens, as in SwiftFormer's encoder.
///
/// The map [B, 1, N, N]: all tokens look at the photo through the same global query, so all rows
/// are the same (and are stored once). Since every q_i has length 1, |a_i| is the length of what
/// token i puts into G, and the row is |a_i| / sum_j |a_j|: a negative a_i takes from G as much as
/// a positive one gives. What a token keeps of itself (k_i, q_i) is not part of the map.
class AdditiveSelfAttention : public SelfAttention {
 public:
  AdditiveSelfAttention(const AttentionConfig& config, Random& random);
  using SelfAttention::forward;
  AttentionResult forward(const Tensor& tokens, TokenGrid grid, AttentionPass& pass) const override;

 private:
  AdditiveAttention attention_;
};

}  // namespace inkling
