// Self-attention over the tokens of a grid, behind one interface: the guided encoder takes its
// mechanism from here, by the name in the model's configuration.
#pragma once

#include <memory>
#include <string>

#include "core/nn/layers.h"

namespace inkling {

/// How tokens [B, height*width, D] lie in the photo, row by row.
struct TokenGrid {
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t count() const { return height * width; }
};

struct AttentionResult {
  Tensor tokens;  ///< [B, N, D]
  Tensor map;     ///< [B, heads, queries, keys], rows sum to one; undefined unless it was asked for
};

class SelfAttention : public Module {
 public:
  /// Tokens [B, N, D] in, tokens [B, N, D] out. With `wantMap` also the attention map, which costs
  /// N x N memory.
  virtual AttentionResult forward(const Tensor& tokens, TokenGrid grid, bool wantMap) const = 0;
};

struct AttentionConfig {
  std::string mechanism = "multi-head";
  std::int64_t dim = 128;
  std::int64_t heads = 4;
};

/// Makes the mechanism called `config.mechanism`; throws UsageError naming the known ones
/// otherwise, or when `dim` is not a multiple of `heads`.
std::unique_ptr<SelfAttention> makeSelfAttention(const AttentionConfig& config, Random& random);

}  // namespace inkling
