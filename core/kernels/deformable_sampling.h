// Weighted bilinear samples of token grids, summed: what multi-scale deformable attention
// (core/nn/attention/ms_deformable.h) computes after it has chosen points and weights. Plain
// memory, no tensor library. Values are read where they lie, a head's numbers side by side, so a
// sample is four runs of `headWidth` numbers, and nothing is kept of it but its share of the sum.
#pragma once

#include <cstdint>
#include <vector>

#include "core/kernels/instructions.h"

namespace inkling::kernels {

struct DeformableSampling {
  struct Level {
    std::int64_t height = 0, width = 0;
    std::int64_t first = 0;  ///< number of its first token
  };
  std::vector<Level> levels;  ///< one after another among the tokens, row by row

  const float* value = nullptr;  ///< [photos, tokens, heads * headWidth]
  std::int64_t tokenStride = 0, photoStride = 0;
  /// [photos, queries, heads, levels, points, 2]: (x, y), 0 and 1 the outer edges of the grid.
  /// What lies beyond the grid counts as zeros.
  const float* location = nullptr;
  const float* weight = nullptr;  ///< [photos, queries, heads, levels, points]
  float* output = nullptr;        ///< [photos, queries, heads * headWidth]

  std::int64_t photos = 1, queries = 0, heads = 1, headWidth = 0, points = 0;

  /// What can be computed on its own: one query of one photo, all heads.
  std::int64_t items() const { return photos * queries; }
};

/// Computes the items begin .. end-1. Different items may run at the same time.
void deformableSampling(const DeformableSampling& job, std::int64_t begin, std::int64_t end,
                        Instructions instructions = fastestInstructions());

}  // namespace inkling::kernels
