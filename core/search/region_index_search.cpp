#include "core/search/region_index_search.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "core/base/error.h"

namespace inkling {
namespace {

void check(const RegionSearcher& searcher, std::span<const float> queries, int wanted) {
  if (wanted < 1) fail<UsageError>("a search for {} results makes no sense", wanted);
  if (queries.size() % static_cast<std::size_t>(searcher.dimension()) != 0)
    fail<UsageError>("{} query values are no multiple of the index's dimension {}", queries.size(),
                     searcher.dimension());
  if (!std::ranges::all_of(queries, [](float value) { return std::isfinite(value); }))
    throw UsageError("a query vector has a value that is not finite");
}

// One search by one caller: applies the filter and remembers what it said.
//
// Most filters pass nearly everything (all but deleted photos), so more is fetched than wanted and
// the filter asked about what was found only. Once that turns out to waste too much, it is asked
// about all photos, and the searcher leaves out the others by itself.
class Search {
 public:
  struct Found {
    std::vector<RegionHit> hits;
    bool all = false;  ///< there are no others, with this effort
  };

  Search(const RegionSearcher& searcher, std::span<const float> queries, const PhotoFilter& filter)
      : searcher_(searcher), queries_(queries), filter_(filter) {}

  std::size_t queries() const {
    return queries_.size() / static_cast<std::size_t>(searcher_.dimension());
  }

  /// The `k` best regions for each query, best first.
  std::vector<Found> best(std::int64_t k, int effort) {
    std::vector<Found> found(queries());
    // One more than wanted, to see whether the last place is shared.
    const std::int64_t fetch = k + 1;
    const auto hits =
        searcher_.nearest(queries_, std::min(fetch, searcher_.size()), effort, rows_, false);
    for (std::size_t q = 0; q < found.size(); ++q) {
      if (!settle(hits[q], fetch, k, found[q])) again(q, k, effort, found[q]);
    }
    return found;
  }

 private:
  std::span<const float> query(std::size_t q) const {
    const auto size = static_cast<std::size_t>(searcher_.dimension());
    return queries_.subspan(q * size, size);
  }

  bool passes(std::int64_t row) {
    if (!filter_) return true;
    if (!rows_.empty()) return rows_[static_cast<std::size_t>(row)] != 0;
    const auto [entry, fresh] = said_.try_emplace(row, false);
    if (fresh) entry->second = filter_(searcher_.photo(row));
    return entry->second;
  }

  void askAboutAll() {
    std::vector<std::uint8_t> rows(static_cast<std::size_t>(searcher_.rows()));
    for (std::size_t row = 0; row < rows.size(); ++row)
      rows[row] = passes(static_cast<std::int64_t>(row)) ? 1 : 0;
    rows_ = std::move(rows);
  }

  // Whether `hits`, the answer to a request for `fetch`, hold the best k beyond doubt.
  bool settle(std::vector<VectorHit> hits, std::int64_t fetch, std::int64_t k, Found& found) {
    std::ranges::sort(hits,
                      [](const VectorHit& a, const VectorHit& b) { return a.score > b.score; });
    const bool all = std::ssize(hits) < fetch || fetch >= searcher_.size();
    std::vector<RegionHit> regions;
    for (const VectorHit& hit : hits) {
      const RegionSearcher::Place place = searcher_.place(hit.position);
      if (passes(place.row))
        regions.push_back({searcher_.photo(place.row), place.region, hit.score});
    }
    // Of hits that share the last score, unknown ones may come before these in the order.
    const bool enough = std::ssize(regions) >= k;
    const bool shared =
        enough && regions[static_cast<std::size_t>(k) - 1].score == hits.back().score;
    if (!all && (!enough || shared)) return false;
    std::ranges::sort(regions, [](const RegionHit& a, const RegionHit& b) { return better(a, b); });
    if (enough) regions.resize(static_cast<std::size_t>(k));
    found = {std::move(regions), all && !enough};
    return true;
  }

  // Fetches more and more for one query.
  void again(std::size_t q, std::int64_t k, int effort, Found& found) {
    constexpr std::int64_t kPatience = 4;
    for (std::int64_t fetch = 2 * (k + 1);; fetch *= 2) {
      if (fetch > kPatience * (k + 1) && filter_ && rows_.empty()) {
        askAboutAll();
        fetch = k + 1;
      }
      // Thousands of equal scores (all those black photos): any of them will do, but the same on
      // each call.
      const bool enoughOfThis = fetch > 8 * kPatience * (k + 1) + 1000;
      const std::int64_t count = std::min(enoughOfThis ? k : fetch, searcher_.size());
      auto hits = std::move(searcher_.nearest(query(q), count, effort, rows_, enoughOfThis)[0]);
      if (settle(std::move(hits), enoughOfThis ? searcher_.size() : fetch, k, found)) {
        if (enoughOfThis) found.all = std::ssize(found.hits) < k;
        return;
      }
    }
  }

  const RegionSearcher& searcher_;
  std::span<const float> queries_;
  const PhotoFilter& filter_;
  std::unordered_map<std::int64_t, bool> said_;
  std::vector<std::uint8_t> rows_;  // empty until the filter was asked about all photos
};

std::size_t differentPhotos(const std::vector<RegionHit>& hits) {
  std::vector<std::int64_t> photos;
  photos.reserve(hits.size());
  for (const RegionHit& hit : hits) photos.push_back(hit.photo);
  std::ranges::sort(photos);
  const auto repeated = std::ranges::unique(photos);
  return photos.size() - repeated.size();
}

std::vector<PhotoHit> photosOf(const std::vector<Search::Found>& found, std::size_t limit) {
  std::vector<PhotoHit> all;
  for (std::size_t q = 0; q < found.size(); ++q) {
    for (const RegionHit& hit : found[q].hits)
      all.push_back({hit.photo, hit.region, static_cast<std::int32_t>(q), hit.score});
  }
  return mergeRankings(all, {}, limit);
}

// A photo that no query has among its `wanted` regions, though each shows `limit` photos there, has
// `limit` photos before it. So it is enough that every query finds `limit` different photos.
std::vector<PhotoHit> rank(const RegionSearcher& searcher, std::span<const float> queries,
                           int limit, int effort, int lastEffort, const PhotoFilter& filter) {
  check(searcher, queries, limit);
  Search search(searcher, queries, filter);
  if (search.queries() == 0 || searcher.size() == 0) return {};
  for (std::int64_t wanted = 3 * static_cast<std::int64_t>(limit);;) {
    const auto found = search.best(std::min(wanted, searcher.size()), effort);
    bool more = false, harder = false;
    for (const Search::Found& one : found) {
      if (differentPhotos(one.hits) >= static_cast<std::size_t>(limit)) continue;
      (one.all ? harder : more) = true;
    }
    more = more && wanted < searcher.size();
    harder = harder && effort < lastEffort;
    if (!more && !harder) return photosOf(found, static_cast<std::size_t>(limit));
    if (more) wanted *= 4;
    if (harder) effort = std::min(2 * effort, lastEffort);
  }
}

}  // namespace

std::vector<std::vector<RegionHit>> searchRegions(const RegionSearcher& searcher,
                                                  std::span<const float> queries, int k,
                                                  const PhotoFilter& filter) {
  check(searcher, queries, k);
  Search search(searcher, queries, filter);
  std::vector<std::vector<RegionHit>> answer(search.queries());
  if (answer.empty() || searcher.size() == 0) return answer;
  for (int effort = searcher.usualEffort();;
       effort = std::min(2 * effort, searcher.wholeEffort())) {
    auto found = search.best(k, effort);
    const bool wanting = std::ranges::any_of(found, &Search::Found::all);
    if (wanting && effort < searcher.wholeEffort()) continue;
    for (std::size_t q = 0; q < answer.size(); ++q) answer[q] = std::move(found[q].hits);
    return answer;
  }
}

std::vector<PhotoHit> rankPhotos(const RegionSearcher& searcher, std::span<const float> queries,
                                 int limit, const PhotoFilter& filter) {
  return rank(searcher, queries, limit, searcher.usualEffort(), searcher.wholeEffort(), filter);
}

std::vector<PhotoHit> rankPhotosWithin(const RegionSearcher& searcher,
                                       std::span<const float> queries, int limit, int effort) {
  return rank(searcher, queries, limit, effort, effort, {});
}

}  // namespace inkling
