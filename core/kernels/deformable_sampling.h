// Weighted bilinear samples of token grids, summed: what multi-scale deformable attention
// (core/nn/attention/ms_deformable.h) computes after it has chosen points and weights. Plain
// memory, no tensor library. Values are read where they lie, a head's numbers side by side, so a
// sample is four runs of `headWidth` numbers, and nothing is kept of it but its share of the sum.
// With one level, one point and weights of 1 it is the sampling of a grid, as in deformable
// attention (core/nn/attention/deformable.h).
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

/// Of some loss: by the output of a job, given; by its inputs, wanted. Those wanted are
/// overwritten; null where not wanted.
struct DeformableSamplingGradients {
  const float* output = nullptr;  ///< as the job's
  float* value = nullptr;         ///< as the job's, the numbers of its levels' tokens
  std::int64_t tokenStride = 0, photoStride = 0;  ///< of `value` here
  /// As the job's. 0 for points beyond the grid, or nowhere (NaN). Where the samples have a kink,
  /// at the middles of tokens, it is the slope towards larger numbers, as PyTorch's grid_sampler
  /// has it.
  float* location = nullptr;
  float* weight = nullptr;  ///< as the job's

  /// What can be computed on its own: one head of one photo, all queries.
  static std::int64_t items(const DeformableSampling& job) { return job.photos * job.heads; }
};

/// Computes the items begin .. end-1 of the gradients. Different items may run at the same time;
/// the result does not depend on how they are divided. The job's output is not used.
void deformableSamplingBackward(const DeformableSampling& job,
                                const DeformableSamplingGradients& gradients, std::int64_t begin,
                                std::int64_t end,
                                Instructions instructions = fastestInstructions());

}  // namespace inkling::kernels
