// Exact search over vectors that lie in memory or in a mapped file.
// Internal to core/search/region_index*.
#pragma once

#include "core/search/region_index_search.h"

namespace inkling {

/// Looks at every vector. Keeps views only: what they show must outlive it.
class ExactSearcher : public RegionSearcher {
 public:
  /// `values`: N*dimension, row by row. `photos`: ids. `first`: for each photo the position of its
  /// first vector, then N; photos.size() + 1 in all.
  ExactSearcher(int dimension, std::span<const float> values, std::span<const std::int64_t> photos,
                std::span<const std::uint64_t> first);

  int dimension() const override { return dimension_; }
  std::int64_t size() const override { return size_; }
  int usualEffort() const override { return 1; }
  int wholeEffort() const override { return 1; }
  std::vector<std::vector<VectorHit>> nearest(std::span<const float> queries, std::int64_t k,
                                              int effort, std::span<const std::uint8_t> rows,
                                              bool repeatable) const override;
  Place place(std::int64_t position) const override;
  std::int64_t rows() const override { return std::ssize(photos_); }
  std::int64_t photo(std::int64_t row) const override {
    return photos_[static_cast<std::size_t>(row)];
  }

 private:
  int dimension_;
  std::int64_t size_;
  std::span<const float> values_;
  std::span<const std::int64_t> photos_;
  std::span<const std::uint64_t> first_;
};

}  // namespace inkling
