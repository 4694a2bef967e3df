#include "core/nn/attention/dynamic.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "core/base/error.h"

namespace inkling {

KeptShare KeptShare::ofLayer(std::int64_t layer, std::int64_t layers) {
  if (layer < 0 || layer >= layers)
    fail<UsageError>("dynamic attention: there is no layer {} of {}", layer, layers);
  const auto bound = [&](std::int64_t l) {
    return 0.5 * std::pow(0.125, static_cast<double>(l) / static_cast<double>(layers));
  };
  return {bound(layer + 1), bound(layer)};
}

DynamicSelfAttention::DynamicSelfAttention(const AttentionConfig& config, Random& random)
    : heads_(config.heads),
      share_(KeptShare::ofLayer(config.layer, config.layers)),
      qkv_(config.dim, 3 * config.dim, random),
      squeeze_(config.dim, std::max<std::int64_t>(1, config.dim / 4), random),
      excite_(std::max<std::int64_t>(1, config.dim / 4), config.dim, random),
      share_of_(config.dim, config.heads, random),
      output_(config.dim, config.dim, random) {
  child("qkv", qkv_);
  child("generator.squeeze", squeeze_);
  child("generator.excite", excite_);
  child("share", share_of_);
  child("output", output_);
}

Tensor DynamicSelfAttention::channelGate(const Tensor& tokens) const {
  return 1 + at::tanh(excite_.forward(at::gelu(squeeze_.forward(tokens.mean(1)))));
}

Tensor DynamicSelfAttention::budgets(const Tensor& tokens) const {
  const Tensor share =
      share_.least + (share_.most - share_.least) * at::sigmoid(share_of_.forward(tokens));
  return (share * tokens.size(1)).clamp_min(1).transpose(1, 2);
}

Tensor DynamicSelfAttention::attend(const Tensor& logits, const Tensor& budget) const {
  const std::int64_t count = logits.size(-1);
  const auto most = std::clamp<std::int64_t>(
      static_cast<std::int64_t>(std::ceil(share_.most * static_cast<double>(count))), 1, count);
  const auto [best, which] = at::topk(logits, most, -1);  // largest first
  const Tensor rank = at::arange(1, most + 1, logits.options());
  const Tensor n = budget.unsqueeze(-1);
  const Tensor counted = ((n + 1 - rank) / (n / 2).clamp_min(1)).clamp(0, 1);
  const Tensor weight = counted * at::exp(best - best.narrow(-1, 0, 1).detach());
  return at::zeros_like(logits).scatter(-1, which, weight / weight.sum(-1, true));
}

AttentionResult DynamicSelfAttention::forward(const Tensor& tokens, TokenGrid,
                                              AttentionPass& pass) const {
  const std::int64_t batch = tokens.size(0), count = tokens.size(1), dim = tokens.size(2),
                     width = dim / heads_;
  const Tensor qkv = qkv_.forward(tokens).view({batch, count, 3, heads_, width});
  const Tensor gate = channelGate(tokens).view({batch, heads_, 1, width});
  const Tensor q = qkv.select(2, 0).transpose(1, 2) * gate / std::sqrt(static_cast<double>(width));
  const Tensor k = qkv.select(2, 1).transpose(1, 2), v = qkv.select(2, 2).transpose(1, 2);
  const Tensor map = attend(at::matmul(q, k.transpose(-1, -2)), budgets(tokens));
  AttentionResult result;
  result.tokens = output_.forward(at::matmul(map, v).transpose(1, 2).reshape({batch, count, dim}));
  if (pass.map) result.map = map;
  return result;
}

}  // namespace inkling
