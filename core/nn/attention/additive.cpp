#include "core/nn/attention/additive.h"

#include <cmath>

namespace inkling {
namespace {

/// Of length 1 along `dim`; 0 stays 0.
Tensor unitLength(const Tensor& x, std::int64_t dim) {
  return x / x.norm(2, dim, true).clamp_min(1e-12);
}

}  // namespace

AdditiveAttention::AdditiveAttention(std::int64_t inDim, std::int64_t tokenDim, std::int64_t heads,
                                     Random& random)
    : w_g(truncatedNormal({tokenDim * heads, 1}, 1.0, random)),
      to_query(inDim, tokenDim * heads, random),
      to_key(inDim, tokenDim * heads, random),
      Proj(tokenDim * heads, tokenDim * heads, random),
      final(tokenDim * heads, tokenDim, random),
      scale(1.0 / std::sqrt(static_cast<double>(tokenDim))) {
  parameter("w_g", w_g);
  child("to_query", to_query);
  child("to_key", to_key);
  child("Proj", Proj);
  child("final", final);
}

AdditiveAttention::Result AdditiveAttention::forward(const Tensor& tokens) const {
  const Tensor query = unitLength(to_query.forward(tokens), -1);
  const Tensor key = unitLength(to_key.forward(tokens), -1);
  Result result;
  result.weights = unitLength(at::matmul(query, w_g) * scale, 1);
  result.globalQuery = at::matmul(query.transpose(1, 2), result.weights).squeeze(-1);
  result.tokens = final.forward(Proj.forward(result.globalQuery.unsqueeze(1) * key) + query);
  return result;
}

AdditiveSelfAttention::AdditiveSelfAttention(const AttentionConfig& config, Random& random)
    : attention_(config.dim, config.dim, 1, random) {
  child("attention", attention_);
}

AttentionResult AdditiveSelfAttention::forward(const Tensor& tokens, TokenGrid,
                                               AttentionPass& pass) const {
  const AdditiveAttention::Result attended = attention_.forward(tokens);
  AttentionResult result;
  result.tokens = attended.tokens;
  if (pass.map) {
    const std::int64_t count = tokens.size(1);
    const Tensor length = attended.weights.squeeze(-1).abs();  // [B, N]
    const Tensor sum = length.sum(-1, true);
    // Without any weight (w_g at right angles to every query) no token stands out.
    const Tensor share = at::where(sum > 0, length / sum.clamp_min(1e-12),
                                   at::full_like(length, 1.0 / static_cast<double>(count)));
    result.map = share.unsqueeze(1).unsqueeze(1).expand({-1, 1, count, -1});
  }
  return result;
}

}  // namespace inkling
