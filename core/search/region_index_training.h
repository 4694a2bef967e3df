// Training an inverted file: centroids by k-means, codes for what vectors differ from them.
// Internal to core/search/region_index*. Vectors are rows of `width` floats.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/cancellation.h"
#include "core/search/region_index_layout.h"

namespace inkling {

/// Finds the nearest of many centroids (by L2 distance) in a navigable small-world graph of them
/// (Malkov and Yashunin, 2016): nearly always the nearest, hundreds of times faster than looking at
/// all. The same centroids give the same answers.
class NearestCentroid {
 public:
  NearestCentroid(std::span<const float> centroids, int width);
  ~NearestCentroid();
  std::vector<std::int64_t> of(std::span<const float> vectors) const;

 private:
  struct Graph;
  std::unique_ptr<Graph> graph_;
};

/// k-means: `lists` centroids of `sample`, which has at least as many vectors. Throws Cancelled.
std::vector<float> trainCentroids(std::span<const float> sample, int width, int lists,
                                  std::uint64_t seed, const CancellationToken& token);

/// Each vector less the centroid of its list.
std::vector<float> residuals(std::span<const float> vectors, std::span<const std::int64_t> lists,
                             std::span<const float> centroids, int width);

/// A code for residuals.
struct ResidualCode {
  region_file::Code code = region_file::Code::productQuantizer;
  int bytes = 0;             ///< of a vector: divides the width (product quantizer) or is the width
  std::vector<float> table;  ///< see InvertedFileModel
};

/// `sample` has at least 256 vectors. Throws Cancelled.
ResidualCode trainCode(region_file::Code code, int bytes, std::span<const float> sample, int width,
                       std::uint64_t seed, const CancellationToken& token);

class ResidualEncoder {
 public:
  ResidualEncoder(const ResidualCode& code, int width);
  ~ResidualEncoder();
  /// code.bytes for every vector.
  std::vector<std::uint8_t> encode(std::span<const float> residuals) const;

 private:
  struct Quantizer;
  std::unique_ptr<Quantizer> quantizer_;
};

}  // namespace inkling
