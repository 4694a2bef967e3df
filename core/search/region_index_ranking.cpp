#include "core/search/region_index_ranking.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <unordered_set>

#include "core/base/error.h"

namespace inkling {

void checkRegionVectors(const RegionVectors& photo, int dimension) {
  const auto size = static_cast<std::size_t>(dimension);
  if (photo.values.size() % size != 0)
    fail<UsageError>("photo {}: {} values are no multiple of the dimension {}", photo.photo,
                     photo.values.size(), dimension);
  if (photo.values.size() / size > std::numeric_limits<std::uint16_t>::max())
    fail<UsageError>("photo {}: {} regions are too many", photo.photo, photo.values.size() / size);
  if (!std::ranges::all_of(photo.values, [](float value) { return std::isfinite(value); }))
    fail<UsageError>("photo {}: a region vector has a value that is not finite", photo.photo);
}

bool better(const RegionHit& a, const RegionHit& b) {
  return std::tuple(-a.score, a.photo, a.region) < std::tuple(-b.score, b.photo, b.region);
}

bool better(const PhotoHit& a, const PhotoHit& b) {
  return std::tuple(-a.score, a.photo, a.region, a.query) <
         std::tuple(-b.score, b.photo, b.region, b.query);
}

std::vector<PhotoHit> mergeRankings(const std::vector<PhotoHit>& a, const std::vector<PhotoHit>& b,
                                    std::size_t limit) {
  std::vector<PhotoHit> all = a;
  all.insert(all.end(), b.begin(), b.end());
  std::ranges::sort(all, [](const PhotoHit& x, const PhotoHit& y) { return better(x, y); });
  std::unordered_set<std::int64_t> seen;
  std::erase_if(all, [&](const PhotoHit& hit) { return !seen.insert(hit.photo).second; });
  if (all.size() > limit) all.resize(limit);
  return all;
}

}  // namespace inkling
