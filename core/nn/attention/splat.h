// From weights of points between tokens to weights of tokens.
#pragma once

#include "core/nn/attention/attention.h"

namespace inkling {

/// Weights [B, heads, queries, P] of P samples to a map [B, heads, queries, N] of the tokens of
/// `grid`. `points` [B, groups, P, 2], (x, y) in tokens, (0, 0) the middle of the first, say where
/// each sample was taken, one point in each group of channels. A sample's weight goes to its points
/// alike, and from each point to the four tokens around it, as bilinear sampling takes from them;
/// what lies outside the grid is left out. The rows are scaled to sum to one (a row that is empty
/// then looks at all tokens alike).
Tensor splatWeights(const Tensor& weights, const Tensor& points, TokenGrid grid);

}  // namespace inkling
