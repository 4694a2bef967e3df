// Dynamic attention: how tokens are compared comes from the photo, each token chooses how many
// others it looks at, and deeper layers look at fewer. Source: "Vision Transformer with Dynamic
// Attention", which names three parts (a content-aware attention generator, adaptive
// sparsification, hierarchical allocation of attention) and gives no equations; no code of it is
// known. What follows is this project's definition of the three, near to Sparsifiner (Wei et al.,
// CVPR 2023: tokens choose their connections) and DynamicViT (Rao et al., NeurIPS 2021: fewer from
// stage to stage). Tokens x_i, N of them, heads of width w, layer l of L (0 first):
//
// 1. Content-aware generator. The photo decides which channels queries and keys are compared by:
//        g = 1 + tanh(W_2 GELU(W_1 mean_i(x_i) + c_1) + c_2)           in (0, 2), one per channel
//        s_ij = sum_c g_c q_ic k_jc / sqrt(w)                          per head
//    so one photo's tokens may be compared by other channels than another's.
// 2. Adaptive sparsification. Each token chooses, per head, a share of all tokens between the
//    bounds of its layer, and looks at as many as that, the ones with the largest s_ij:
//        r_i = b_{l+1} + (b_l - b_{l+1}) sigmoid(u . x_i + c)
//        budget n_i = max(1, r_i N)                                    not a whole number
//        m_ij = clamp((n_i + 1 - rank_ij) / max(1, n_i / 2), 0, 1)     rank_ij = 1 for the largest
//        A_ij = m_ij exp(s_ij) / sum_k m_ik exp(s_ik)
//    Exactly ceil(n_i) tokens are kept, never none. The better half of them counts in full, the
//    rest fades out with its rank. That edge is why the budget can be trained: it is soft, so the
//    derivative by n_i is the derivative of what is computed. (A hard choice would need a
//    straight-through estimate, which is not, and jumps more where two tokens change places.)
// 3. Hierarchical allocation. The bounds fall from layer to layer, from a half to a sixteenth:
//        b_l = 1/2 * (1/8)^(l / L)
//    Ranges of two layers only touch, so no token of a layer keeps more than any of the layer
//    before, whatever is learned (with few tokens both may keep one).
//
//    y = W_o (A v)
//
// Tokens have no order in any of this (but that of equal s_ij the first comes first): permuted
// tokens give permuted results. Cost: s is dense, N x N per head, some rows at a time; the kept
// ones are found by counting and only those that fade are sorted (kept_ranks.h); A v is computed
// with zeros in place of what was left out. So what is sparse is what a token looks at, not the
// work: for 1,024 tokens it takes about ten times as long as plain attention without a map.
#pragma once

#include "core/nn/attention/attention.h"

namespace inkling {

/// Bounds of the share of tokens that one layer's tokens may keep.
struct KeptShare {
  double least = 0;
  double most = 1;
  /// b_{l+1} and b_l of layer `layer` (from 0) of `layers`. Throws UsageError when there is no such
  /// layer.
  static KeptShare ofLayer(std::int64_t layer, std::int64_t layers);
};

/// Map [B, heads, N, N]: A, with zeros for what was left out.
class DynamicSelfAttention : public SelfAttention {
 public:
  DynamicSelfAttention(const AttentionConfig& config, Random& random);
  using SelfAttention::forward;
  AttentionResult forward(const Tensor& tokens, TokenGrid grid, AttentionPass& pass) const override;

  /// n_i of these tokens, [B, heads, N]; ceil of it is how many entries of the map's row are not 0.
  Tensor budgets(const Tensor& tokens) const;
  /// g of these photos, [B, D].
  Tensor channelGate(const Tensor& tokens) const;
  KeptShare keptShare() const { return share_; }

 private:
  /// Some rows of A: query [B, heads, rows, w], key [B, heads, N, w], budget [B, heads, rows].
  Tensor attend(const Tensor& query, const Tensor& key, const Tensor& budget) const;

  std::int64_t heads_;
  KeptShare share_;
  Linear qkv_, squeeze_, excite_, shareOf_, output_;
};

}  // namespace inkling
