// Attention of the tokens of each region of a grid to the tokens of the regions that it chose, in
// one pass: what bi-level routing (core/nn/attention/bilevel_routing.h) computes after it has
// chosen. Plain memory, no tensor library.
//
// Keys and values are read where they lie, never gathered: 16 queries (the vector's width) walk
// along the chosen tokens together, with a running maximum and sum of the softmax, so the scratch
// memory of a thread does not grow with the grid (Milakov and Gimelshein, "Online normalizer
// calculation for softmax", 2018; Dao et al., "FlashAttention", 2022).
//
//   RoutingAttention job{...};
//   at::parallel_for(0, job.items(), 1, [&](auto begin, auto end) { routingAttention(job, begin,
//   end); });
#pragma once

#include <cstdint>

#include "core/kernels/instructions.h"

namespace inkling::kernels {

/// Queries, keys and values [photos, height * width tokens, heads * width], each token's numbers
/// side by side; output alike. Distances ("strides") are in numbers.
struct RoutingAttention {
  const float* query = nullptr;
  const float* key = nullptr;
  const float* value = nullptr;
  std::int64_t tokenStride = 0, photoStride = 0;  ///< of query, key and value
  float* output = nullptr;
  std::int64_t outputTokenStride = 0, outputPhotoStride = 0;

  std::int64_t photos = 1, heads = 1, headWidth = 0;
  std::int64_t gridHeight = 0, gridWidth = 0;
  /// Of a full region; those at the right and at the lower edge of the grid may be smaller.
  std::int64_t regionHeight = 0, regionWidth = 0;
  const std::int64_t* chosen = nullptr;  ///< [photos, regions, choices], numbered row by row
  std::int64_t choices = 0;
  float scale = 1;  ///< of the products of queries and keys

  /// Added to the output unless null: a depthwise convolution of the values over the grid, zeros
  /// around it. Weights [kernel * kernel, heads * width] tap by tap, kernel odd.
  const float* localWeight = nullptr;
  const float* localBias = nullptr;  ///< [heads * width]
  std::int64_t localKernel = 0;

  std::int64_t regionRows() const { return (gridHeight + regionHeight - 1) / regionHeight; }
  std::int64_t regionColumns() const { return (gridWidth + regionWidth - 1) / regionWidth; }
  std::int64_t regions() const { return regionRows() * regionColumns(); }
  /// What can be computed on its own: one region of one photo, all heads.
  std::int64_t items() const { return photos * regions(); }
  /// Of both products, and of the convolution.
  std::int64_t multiplyAdds() const;
};

/// Computes the items begin .. end-1. Different items may run at the same time.
void routingAttention(const RoutingAttention& job, std::int64_t begin, std::int64_t end,
                      Instructions instructions = fastestInstructions());

}  // namespace inkling::kernels
