// Regions of a token grid, and attention of each region's tokens to the tokens of a few chosen
// regions: the parts of bi-level routing (bilevel_routing.h), written with the tensor library's
// operators, so gradients come by themselves. B photos, N tokens of a grid, R regions of T tokens,
// k chosen regions, C channels.
#pragma once

#include "core/nn/attention/attention.h"

namespace inkling {

/// A grid cut into rows and columns of regions. Those at the right and at the lower edge may stick
/// out of the grid: they have fewer tokens.
struct RegionCut {
  TokenGrid grid;
  TokenGrid region;  ///< a full one

  TokenGrid regions() const {
    return {(grid.height + region.height - 1) / region.height,
            (grid.width + region.width - 1) / region.width};
  }
  bool even() const { return grid.height % region.height == 0 && grid.width % region.width == 0; }
};

/// Tokens [B, N, C] to [B, R, T, C], region by region, row by row in each; zeros beyond the grid.
Tensor cutIntoRegions(const Tensor& tokens, const RegionCut& cut);
/// Back: [B, R, T, C] to [B, N, C].
Tensor joinRegions(const Tensor& regions, const RegionCut& cut);
/// Which of [R, T] lie in the grid (bool), undefined if all do.
Tensor insideGrid(const RegionCut& cut, const Tensor& like);

struct RoutedAttention {
  Tensor tokens;   ///< [B, R, T, C]
  Tensor weights;  ///< [B, R, heads, T, k * keys per region], each row sums to one
};
/// softmax(scale q k^T) v of the queries [B, R, T, c] of each region to the keys [B, R, K, c] and
/// values [B, R, K, C] of the regions `chosen` [B, R, k] (int64). `inside` [R, K] says which keys
/// count (undefined: all). `share` [B, R, k], if defined, multiplies keys and values of each
/// chosen region (soft routing).
RoutedAttention routedAttention(const Tensor& query, const Tensor& key, const Tensor& value,
                                const Tensor& chosen, std::int64_t heads, double scale,
                                const Tensor& inside = {}, const Tensor& share = {});

/// Weights of a cut whose regions' tokens are keys, queries alike, as a map [B, heads, N, N].
Tensor routedMap(const Tensor& weights, const Tensor& chosen, const RegionCut& cut);

}  // namespace inkling
