// What a search for regions answers: regions and photos by score, best first.
//
// Scores are inner products of a query vector with a region vector; bigger is better. The order is
// the same on every run: equal scores go by photo, then region (then query).
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace inkling {

/// The region vectors of one photo, row by row: values.size() is a multiple of the dimension, and
/// may be 0.
struct RegionVectors {
  std::int64_t photo = 0;  ///< id of the photo in its catalogue
  std::vector<float> values;
};

/// Throws UsageError naming the photo when its values are no multiple of the dimension, too many
/// (65,535 vectors at most), or not finite.
void checkRegionVectors(const RegionVectors& photo, int dimension);

/// A region that a query vector found.
struct RegionHit {
  std::int64_t photo = 0;
  std::int32_t region = 0;  ///< which of the photo's vectors, from 0
  float score = 0;

  friend bool operator==(const RegionHit&, const RegionHit&) = default;
};

/// A photo with the best score that any query vector has with any of its regions.
struct PhotoHit {
  std::int64_t photo = 0;
  std::int32_t region = 0;  ///< the best region ...
  std::int32_t query = 0;   ///< ... and the query vector that found it, from 0
  float score = 0;

  friend bool operator==(const PhotoHit&, const PhotoHit&) = default;
};

/// Says which photos count; an empty one lets all pass. Called at most once per photo and search,
/// from the thread that searches.
using PhotoFilter = std::function<bool(std::int64_t photo)>;

bool better(const RegionHit& a, const RegionHit& b);
bool better(const PhotoHit& a, const PhotoHit& b);

/// The best `limit` photos of two rankings, each photo once with its better hit. For an index and
/// the RegionTail of what came after it.
std::vector<PhotoHit> mergeRankings(const std::vector<PhotoHit>& a, const std::vector<PhotoHit>& b,
                                    std::size_t limit);

}  // namespace inkling
