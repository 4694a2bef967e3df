// The region index of a catalogue: finds, among the region vectors of all photos, those with the
// largest inner product with a query vector, and the photos they belong to. It answers from a file
// mapped into memory, so that opening is cheap and what is not touched costs no memory.
//
//   buildRegionIndex(file, source, options);             // region_index_builder.h
//   const RegionIndex index = RegionIndex::open(file);
//   RegionTail tail(index.info().dimension);             // photos described since the build
//   tail.add({photo, vectors});
//   auto photos = mergeRankings(index.rankPhotos(queries, 200, stillThere),
//                               tail.rankPhotos(queries, 200, stillThere), 200);
//
// Small collections are searched exactly. Large ones are searched in an inverted file: vectors are
// grouped around centroids, kept as short codes, and a query visits only the groups that promise
// the largest products (Jégou, Douze, Schmid, "Product quantization for nearest neighbor search",
// 2011; here with FAISS). How many groups and how short the codes was chosen when the index was
// built, by measured recall; see info(). Scores are then approximate: rank anew what was found if
// exact scores are needed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/search/region_index_ranking.h"

namespace inkling {

/// What an index file says of itself.
struct RegionIndexInfo {
  bool exact = true;   ///< every vector is looked at, scores are exact
  std::string method;  ///< "exact", or like "IVF8192,PQ32": lists, code and its bytes a vector
  std::int64_t vectors = 0;
  std::int64_t photos = 0;  ///< with or without vectors
  int dimension = 0;
  std::string identity;       ///< which model the vectors are of
  std::int64_t revision = 0;  ///< of the catalogue
  /// Share of the best photos of an exact search that are found among the first candidates,
  /// measured with sample queries on all vectors of this index (see RegionIndexOptions).
  double recall = 1;
  bool targetReached = true;  ///< whether `recall` is what was asked for
  int listsVisited = 0;       ///< by a query; 0 when exact
  std::uint64_t bytes = 0;    ///< of the file
};

class RegionSearcher;
namespace region_file {
class IndexFile;
}

/// Queries are Q*D values, row by row: one or more query vectors. All searches may be called from
/// any number of threads at once. They throw UsageError when `queries` is no multiple of the
/// dimension, not finite, or `k` or `limit` is below 1, and InputError when the file turns out to
/// be damaged where opening it did not look.
class RegionIndex {
 public:
  /// Throws InputError naming the file and what is wrong: missing, not a region index, made by a
  /// newer version, cut short, damaged.
  static RegionIndex open(const std::filesystem::path& file);
  ~RegionIndex();
  RegionIndex(RegionIndex&&) noexcept;
  RegionIndex& operator=(RegionIndex&&) noexcept;

  /// For each query vector its `k` best regions (fewer if there are not as many), best first.
  std::vector<std::vector<RegionHit>> search(std::span<const float> queries, int k,
                                             const PhotoFilter& filter = {}) const;

  /// The `limit` best photos. Looks at more regions until there are as many different photos or
  /// everything has been seen.
  std::vector<PhotoHit> rankPhotos(std::span<const float> queries, int limit,
                                   const PhotoFilter& filter = {}) const;

  const RegionIndexInfo& info() const { return info_; }

 private:
  RegionIndex();
  std::filesystem::path path_;
  RegionIndexInfo info_;
  std::unique_ptr<const region_file::IndexFile> file_;
  std::unique_ptr<const RegionSearcher> searcher_;
};

/// Region vectors in memory, searched exactly: the photos that an index does not have yet. One
/// thread may add while no other searches.
class RegionTail {
 public:
  explicit RegionTail(int dimension);
  ~RegionTail();
  RegionTail(RegionTail&&) noexcept;
  RegionTail& operator=(RegionTail&&) noexcept;

  /// Throws UsageError when the values are no multiple of the dimension or not finite.
  void add(const RegionVectors& photo);
  void clear();
  std::int64_t photos() const;
  std::int64_t vectors() const;

  /// As those of RegionIndex.
  std::vector<std::vector<RegionHit>> search(std::span<const float> queries, int k,
                                             const PhotoFilter& filter = {}) const;
  std::vector<PhotoHit> rankPhotos(std::span<const float> queries, int limit,
                                   const PhotoFilter& filter = {}) const;

 private:
  struct Vectors;
  std::unique_ptr<Vectors> vectors_;
};

}  // namespace inkling
