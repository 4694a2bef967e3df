// Self-attention over the tokens of a grid, behind one interface: the guided encoder takes its
// mechanism from here, by the name in the model's configuration. A mechanism is one file pair in
// this folder; its header says what it computes, after which paper and code.
//
//   AttentionConfig config{.mechanism = "bilevel-routing", .dim = 128, .heads = 4};
//   const auto attention = makeSelfAttention(config, random);
//   const Tensor y = attention->forward(x, {32, 32}).tokens;                     // [B, 1024, 128]
//   const Tensor map = attention->forward(x, {32, 32}, {.map = true}).map;       // what it looked
//   at
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/nn/attention/mechanisms.h"
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
  /// [B, heads, queries, keys], no entry negative, rows sum to one; undefined unless it was asked
  /// for. What stands for heads (groups, kernel sizes, ...) each mechanism says.
  Tensor map;
  /// Deformable attention, with the map: where it sampled, [B, groups, points, 2] as (x, y) in
  /// 0..1 of the grid. Points outside 0..1 read zeros.
  Tensor points;
  /// Bi-level routing, with the map: which regions each region chose, [B, regions, k] (int64, best
  /// first), numbered row by row in `regionGrid`.
  Tensor regions;
  TokenGrid regionGrid;
};

/// What a pass through several layers carries from one to the next. Make one per pass.
struct AttentionPass {
  bool map = false;  ///< wanted: the map, which costs N x N memory, and what goes with it
  std::vector<Tensor> values = {};  ///< of the layers so far, [B, heads, N, w] (dense attention)
};

class SelfAttention : public Module {
 public:
  /// Tokens [B, N, D] in, tokens [B, N, D] out; N is `grid.count()`. A new token depends on its own
  /// photo's tokens only. Any size of grid works, down to one token.
  virtual AttentionResult forward(const Tensor& tokens, TokenGrid grid,
                                  AttentionPass& pass) const = 0;
  /// A single layer, or mechanisms that carry nothing on.
  AttentionResult forward(const Tensor& tokens, TokenGrid grid, AttentionPass&& pass = {}) const {
    return forward(tokens, grid, pass);
  }
};

struct AttentionConfig {
  std::string mechanism = "multi-head";
  std::int64_t dim = 128;
  std::int64_t heads = 4;
  std::int64_t layer = 0;   ///< this layer's number, and how many there are: dense attention weighs
  std::int64_t layers = 1;  ///< earlier layers, dynamic attention gets sparser from layer to layer
  TokenGrid grid{32, 32};   ///< the usual grid: tables of positions are made for it, others work
};

/// Makes the mechanism called `config.mechanism`; throws UsageError naming the known ones
/// otherwise, or when `dim` is not a multiple of `heads`.
std::unique_ptr<SelfAttention> makeSelfAttention(const AttentionConfig& config, Random& random);

}  // namespace inkling
