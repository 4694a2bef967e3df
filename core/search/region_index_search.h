// What every kind of region index has in common: from nearest vectors to regions and photos.
// Internal to core/search/region_index*.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/search/region_index_ranking.h"

namespace inkling {

/// A vector that was found, by its position in the searcher.
struct VectorHit {
  float score = 0;
  std::int64_t position = 0;
};

/// A set of vectors that can be searched. Positions count 0 .. size()-1, rows number the photos.
class RegionSearcher {
 public:
  /// A region's place: the photo by its row, and which of the photo's vectors it is.
  struct Place {
    std::int64_t row = 0;
    std::int32_t region = 0;
  };

  virtual ~RegionSearcher() = default;
  virtual int dimension() const = 0;
  virtual std::int64_t size() const = 0;
  /// How thoroughly to search: from usualEffort() up to wholeEffort(), which looks at everything.
  virtual int usualEffort() const = 0;
  virtual int wholeEffort() const = 0;

  /// For each of the query vectors up to `k` of the nearest vectors in any order. `rows`, if not
  /// empty, has a 1 for every photo that counts. `repeatable`: takes the time to give the same
  /// answer on each call even when more vectors than wanted share the last score.
  virtual std::vector<std::vector<VectorHit>> nearest(std::span<const float> queries,
                                                      std::int64_t k, int effort,
                                                      std::span<const std::uint8_t> rows,
                                                      bool repeatable) const = 0;
  virtual Place place(std::int64_t position) const = 0;
  virtual std::int64_t rows() const = 0;
  virtual std::int64_t photo(std::int64_t row) const = 0;
};

/// See RegionIndex::search and rankPhotos.
std::vector<std::vector<RegionHit>> searchRegions(const RegionSearcher& searcher,
                                                  std::span<const float> queries, int k,
                                                  const PhotoFilter& filter);
std::vector<PhotoHit> rankPhotos(const RegionSearcher& searcher, std::span<const float> queries,
                                 int limit, const PhotoFilter& filter);
/// With another effort than the usual one; no more than that.
std::vector<PhotoHit> rankPhotosWithin(const RegionSearcher& searcher,
                                       std::span<const float> queries, int limit, int effort);

}  // namespace inkling
