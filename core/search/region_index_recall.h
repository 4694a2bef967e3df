// Measuring the recall of a photo ranking. Internal to core/search/region_index*.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/search/region_index_search.h"

namespace inkling {

/// The best photos for each query by looking at every vector, one photo after another.
class ExactAnswers {
 public:
  /// `queries`: rows of `dimension`, which must outlive this.
  ExactAnswers(std::span<const float> queries, int dimension, int top);

  void add(std::int64_t photo, std::span<const float> vectors);

  /// The best photos for query number `query`, in any order.
  std::vector<std::int64_t> best(std::size_t query) const;

  /// On average over the queries, the share of these photos that are among the first `candidates`
  /// of the searcher when it makes that effort.
  double recallOf(const RegionSearcher& searcher, int candidates, int effort) const;

 private:
  using Entry = std::pair<float, std::int64_t>;  // score, minus the photo
  double shareFound(const RegionSearcher& searcher, int candidates, int effort,
                    std::size_t query) const;

  std::span<const float> queries_;
  std::size_t dimension_, top_;
  std::vector<std::vector<Entry>> best_;  // for each query a heap with the worst on top
  std::vector<float> products_;
};

/// What was found by trying one effort after another.
struct MeasuredEffort {
  int effort = 1;
  double recall = 0;
};

/// The smallest effort from 1 up to `limit` that reaches the target. If none does, the smallest
/// that has nearly the best recall of all.
MeasuredEffort smallestEffort(const RegionSearcher& searcher, const ExactAnswers& answers,
                              int candidates, double target, int limit);

}  // namespace inkling
