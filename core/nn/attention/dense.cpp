#include "core/nn/attention/dense.h"

#include <cmath>

#include <fmt/ranges.h>

#include "core/base/error.h"

namespace inkling {

DenseAttention::DenseAttention(std::int64_t dim, std::int64_t headCount, std::int64_t headWidth,
                               std::int64_t mixed, Random& random)
    : mix_weight(truncatedNormal({mixed}, 0.1, random)),
      to_qkv(dim, 3 * headCount * headWidth, random, false),
      heads(headCount),
      width(headWidth) {
  if (mixed > 0) parameter("mix_weight", mix_weight);
  child("to_qkv", to_qkv);
  if (headCount > 1 || headWidth != dim) {
    output = std::make_unique<Linear>(headCount * headWidth, dim, random);
    child("to_out.0", *output);
  }
}

AttentionResult DenseAttention::forward(const Tensor& tokens, AttentionPass& pass) const {
  const std::int64_t batch = tokens.size(0), count = tokens.size(1);
  const Tensor qkv = to_qkv.forward(tokens).view({batch, count, 3, heads, width});
  const Tensor q = qkv.select(2, 0).transpose(1, 2), k = qkv.select(2, 1).transpose(1, 2),
               v = qkv.select(2, 2).transpose(1, 2);  // [B, heads, N, width]
  if (static_cast<std::int64_t>(pass.values.size()) > mix_weight.size(0)) {
    fail<UsageError>("dense attention: values of {} earlier layers, but weights for {}",
                     pass.values.size(), mix_weight.size(0));
  }
  Tensor values = v;
  for (std::size_t i = 0; i < pass.values.size(); ++i) {
    const Tensor& earlier = pass.values[i];
    if (earlier.sizes() != v.sizes()) {
      fail<UsageError>("dense attention: values of layer {} are [{}], expected [{}]", i,
                       fmt::join(earlier.sizes().vec(), ", "), fmt::join(v.sizes().vec(), ", "));
    }
    values = values + mix_weight[static_cast<std::int64_t>(i)] * earlier;
  }
  pass.values.push_back(v);
  AttentionResult result;
  Tensor mixed;
  if (pass.map) {
    result.map =
        at::softmax(at::matmul(q, k.transpose(-1, -2)) / std::sqrt(static_cast<double>(width)), -1);
    mixed = at::matmul(result.map, values);
  } else {
    mixed = at::scaled_dot_product_attention(q, k, values);
  }
  result.tokens = mixed.transpose(1, 2).reshape({batch, count, heads * width});
  if (output) result.tokens = output->forward(result.tokens);
  return result;
}

DenseSelfAttention::DenseSelfAttention(const AttentionConfig& config, Random& random)
    : attention_(config.dim, config.heads, config.dim / config.heads, config.layer, random) {
  child("attention", attention_);
}

AttentionResult DenseSelfAttention::forward(const Tensor& tokens, TokenGrid,
                                            AttentionPass& pass) const {
  return attention_.forward(tokens, pass);
}

}  // namespace inkling
