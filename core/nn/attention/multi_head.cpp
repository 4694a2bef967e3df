#include "core/nn/attention/multi_head.h"

#include <cmath>
#include <optional>

namespace inkling {

MultiHeadAttention::MultiHeadAttention(std::int64_t dim, std::int64_t headCount, Random& random)
    : in_proj_weight(
          uniformTensor({3 * dim, dim}, std::sqrt(6.0 / static_cast<double>(4 * dim)), random)),
      in_proj_bias(at::zeros({3 * dim})),
      out_proj(dim, dim, random),
      heads(headCount) {
  parameter("in_proj_weight", in_proj_weight);
  parameter("in_proj_bias", in_proj_bias);
  child("out_proj", out_proj);
}

AttentionResult MultiHeadAttention::forward(const Tensor& query, const Tensor& key,
                                            const Tensor& value, const Tensor& keyBias,
                                            bool wantMap) const {
  const std::int64_t dim = query.size(2), width = dim / heads;
  const auto project = [&](const Tensor& x, std::int64_t part) {
    const Tensor y = at::linear(x, in_proj_weight.slice(0, part * dim, (part + 1) * dim),
                                in_proj_bias.slice(0, part * dim, (part + 1) * dim));
    return y.reshape({x.size(0), x.size(1), heads, width}).transpose(1, 2);  // [B, heads, N, width]
  };
  const Tensor q = project(query, 0), k = project(key, 1), v = project(value, 2);
  const Tensor bias =
      keyBias.defined() ? keyBias.unsqueeze(1).unsqueeze(1) : Tensor();  // [B, 1, 1, M]
  AttentionResult result;
  Tensor mixed;
  if (wantMap) {
    Tensor logits = at::matmul(q, k.transpose(-1, -2)) / std::sqrt(static_cast<double>(width));
    if (bias.defined()) logits = logits + bias;
    result.map = at::softmax(logits, -1);
    mixed = at::matmul(result.map, v);
  } else {
    std::optional<Tensor> mask;
    if (bias.defined()) mask = bias.expand({q.size(0), heads, q.size(2), k.size(2)});
    mixed = at::scaled_dot_product_attention(q, k, v, mask);
  }
  result.tokens =
      out_proj.forward(mixed.transpose(1, 2).reshape({query.size(0), query.size(1), dim}));
  return result;
}

MultiHeadSelfAttention::MultiHeadSelfAttention(const AttentionConfig& config, Random& random)
    : attention_(config.dim, config.heads, random) {
  child("attention", attention_);
}

AttentionResult MultiHeadSelfAttention::forward(const Tensor& tokens, TokenGrid,
                                                AttentionPass& pass) const {
  return attention_.forward(tokens, tokens, tokens, {}, pass.map);
}

}  // namespace inkling
