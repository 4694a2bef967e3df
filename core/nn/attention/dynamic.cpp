#include "core/nn/attention/dynamic.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/error.h"
#include "core/nn/attention/kept_ranks.h"
#include "core/nn/mixed_precision.h"

namespace inkling {
namespace {

// Fits the cache; a card wants more work at once, and has the memory.
constexpr std::int64_t kEntriesAtOnce = std::int64_t{1} << 17,
                       kEntriesAtOnceOnCard = std::int64_t{1} << 26;

}  // namespace

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
      shareOf_(config.dim, config.heads, random),
      output_(config.dim, config.dim, random) {
  child("qkv", qkv_);
  child("generator.squeeze", squeeze_);
  child("generator.excite", excite_);
  child("share", shareOf_);
  child("output", output_);
}

Tensor DynamicSelfAttention::channelGate(const Tensor& tokens) const {
  return 1 + at::tanh(excite_.forward(at::gelu(squeeze_.forward(tokens.mean(1)))));
}

Tensor DynamicSelfAttention::budgets(const Tensor& tokens) const {
  const Tensor share =
      share_.least + (share_.most - share_.least) * at::sigmoid(widened(shareOf_.forward(tokens)));
  return (share * tokens.size(1)).clamp_min(1).transpose(1, 2);
}

Tensor DynamicSelfAttention::attend(const Tensor& query, const Tensor& key,
                                    const Tensor& budget) const {
  // Ranks count to the number of tokens, which half types cannot.
  const Tensor scores = widened(at::matmul(query, key.transpose(-1, -2)));
  const Tensor fading = (budget / 2).clamp_min(1);  // this many ranks at the end
  const Tensor rank = keptRanks(scores, budget, budget + 1 - fading);
  const Tensor counted = (((budget + 1).unsqueeze(-1) - rank) / fading.unsqueeze(-1)).clamp(0, 1);
  const Tensor weight = at::softmax(scores, -1) * counted;
  return weight / weight.sum(-1, true);
}

AttentionResult DynamicSelfAttention::forward(const Tensor& tokens, TokenGrid,
                                              AttentionPass& pass) const {
  const std::int64_t batch = tokens.size(0), count = tokens.size(1), dim = tokens.size(2),
                     width = dim / heads_;
  const Tensor qkv = qkv_.forward(tokens).view({batch, count, 3, heads_, width});
  const Tensor gate = channelGate(tokens).view({batch, heads_, 1, width});
  const Tensor q = qkv.select(2, 0).transpose(1, 2) * gate / std::sqrt(static_cast<double>(width));
  // In one piece, or every product would make its own copy.
  const Tensor k = qkv.select(2, 1).transpose(1, 2).contiguous(),
               v = qkv.select(2, 2).transpose(1, 2).contiguous();
  const Tensor budget = budgets(tokens);
  // Some rows at a time: many tokens would otherwise need several N x N matrices at once.
  const std::int64_t entries = tokens.is_cpu() ? kEntriesAtOnce : kEntriesAtOnceOnCard;
  const std::int64_t rows =
      std::max<std::int64_t>(1, entries / std::max<std::int64_t>(1, batch * heads_ * count));
  std::vector<Tensor> maps, mixed;
  for (std::int64_t row = 0; row < count; row += rows) {
    const std::int64_t some = std::min(rows, count - row);
    const Tensor map = attend(q.narrow(2, row, some), k, budget.narrow(2, row, some));
    mixed.push_back(at::matmul(map, v));
    if (pass.map) maps.push_back(map);
  }
  AttentionResult result;
  result.tokens = output_.forward(at::cat(mixed, 2).transpose(1, 2).reshape({batch, count, dim}));
  if (pass.map) result.map = at::cat(maps, 2);
  return result;
}

}  // namespace inkling
