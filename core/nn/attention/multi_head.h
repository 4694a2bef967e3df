// Multi-head attention. Source: Vaswani et al., "Attention Is All You Need" (2017); parameter
// layout of torch.nn.MultiheadAttention (in_proj_weight, in_proj_bias, out_proj).
#pragma once

#include "core/nn/attention/attention.h"

namespace inkling {

/// Attention from queries to keys and values: softmax(q k^T / sqrt(D / heads) + bias) v.
struct MultiHeadAttention : Module {
  Tensor in_proj_weight, in_proj_bias;
  Linear out_proj;
  std::int64_t heads;

  MultiHeadAttention(std::int64_t dim, std::int64_t headCount, Random& random);

  /// query [B, N, D], key and value [B, M, D]; `keyBias` [B, M] (or undefined) is added to every
  /// row of logits: the log of a key's weight, or -inf to leave it out.
  AttentionResult forward(const Tensor& query, const Tensor& key, const Tensor& value,
                          const Tensor& keyBias, bool wantMap) const;
};

class MultiHeadSelfAttention : public SelfAttention {
 public:
  MultiHeadSelfAttention(const AttentionConfig& config, Random& random);
  using SelfAttention::forward;
  AttentionResult forward(const Tensor& tokens, TokenGrid grid, AttentionPass& pass) const override;

 private:
  MultiHeadAttention attention_;
};

}  // namespace inkling
