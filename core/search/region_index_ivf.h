// Searching an inverted file: lists of coded vectors around centroids.
// Internal to core/search/region_index*.
#pragma once

#include <memory>

#include "core/search/region_index_layout.h"
#include "core/search/region_index_search.h"

namespace inkling {

/// A trained inverted file: centroids and the code of what a vector differs from its centroid. The
/// spans must outlive what is made from them.
struct InvertedFileModel {
  region_file::Code code = region_file::Code::productQuantizer;
  int dimension = 0;
  int width = 0;                     ///< dimension, filled up with zeros
  int codeBytes = 0;                 ///< of a vector
  std::span<const float> centroids;  ///< lists * width
  /// Product quantizer: codeBytes * 256 * (width / codeBytes); scalar quantizer: minima and ranges.
  std::span<const float> table;
};

/// The vectors: list after list, and for each its photo and its region there.
struct InvertedFileContent {
  std::span<const std::uint32_t> listSizes;
  std::span<const std::uint8_t> codes;
  std::span<const std::uint32_t> rows;
  std::span<const std::uint16_t> regions;
  std::span<const std::int64_t> photos;  ///< ids, by row
};

/// Its effort is the number of lists that a query visits: those whose centroids have the largest
/// inner products with it.
class InvertedFileSearcher : public RegionSearcher {
 public:
  InvertedFileSearcher(const InvertedFileModel& model, const InvertedFileContent& content,
                       int listsVisited);
  ~InvertedFileSearcher() override;

  int dimension() const override { return dimension_; }
  std::int64_t size() const override { return std::ssize(content_.rows); }
  int usualEffort() const override { return listsVisited_; }
  int wholeEffort() const override { return static_cast<int>(content_.listSizes.size()); }
  std::vector<std::vector<VectorHit>> nearest(std::span<const float> queries, std::int64_t k,
                                              int effort, std::span<const std::uint8_t> rows,
                                              bool repeatable) const override;
  /// Throws InputError when the file is damaged there.
  Place place(std::int64_t position) const override;
  std::int64_t rows() const override { return std::ssize(content_.photos); }
  std::int64_t photo(std::int64_t row) const override {
    return content_.photos[static_cast<std::size_t>(row)];
  }

 private:
  class Lists;
  struct Index;
  int dimension_, width_, listsVisited_;
  InvertedFileContent content_;
  std::unique_ptr<Index> index_;
};

}  // namespace inkling
