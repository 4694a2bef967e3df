// Synthetic region vectors that are distributed like real ones, as many as one likes.
//
// A mixture of Gaussians is fitted to real vectors: k-means clusters, each with a covariance of low
// rank (its main directions) plus a diagonal. Two things make regions of one photo alike, and both
// are measured on pairs of regions of one photo: how often they are of the same cluster, and how
// far their deviations from the cluster's mean agree. The numbers of regions are drawn from the
// real ones.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/random.h"
#include "core/search/region_index_ranking.h"
#include "tests/bench/region_vectors_file.h"

namespace inkling::bench {

class RegionModel {
 public:
  /// Fits to photos with at least 1,000 regions in all. Throws InputError for fewer.
  explicit RegionModel(const RegionVectorsFile& real, std::uint64_t seed = 1);

  int dimension() const { return static_cast<int>(dimension_); }

  /// The photo with this id; always the same one. `regions`: how many, or 0 for as many as a real
  /// photo might have.
  RegionVectors photo(std::int64_t id, int regions) const;

  /// One line on what was found: clusters, correlation.
  std::string summary() const;

 private:
  struct Cluster {
    double share = 0;
    std::vector<float> mean, directions /* rank * dimension, times their deviation */, deviation;
  };
  std::vector<std::size_t> assign(const RegionVectorsFile& real, std::uint64_t seed);
  void fitClusters(const RegionVectorsFile& real, const std::vector<std::size_t>& of);
  void fitPhotos(const RegionVectorsFile& real, const std::vector<std::size_t>& of);
  std::size_t drawCluster(Random& random) const;
  float normal(Random& random) const;

  std::size_t dimension_;
  std::vector<Cluster> clusters_;
  std::vector<float> spread_;  // deviation of all residuals, by dimension
  std::vector<std::uint32_t> counts_;
  double sameCluster_ = 0;  // probability that a region is of its photo's main cluster
  double agreement_ = 0;  // share of the residual's variance that a photo's regions have in common
  std::vector<float> normals_;  // a table to draw from: quicker than computing each
};

}  // namespace inkling::bench
