// Intervals by resampling photos.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace inkling {

/// `count` samples of `units` units with replacement: how often each unit was drawn. The same for
/// the same seed.
std::vector<std::vector<std::uint32_t>> bootstrapCounts(std::size_t units, int count,
                                                        std::uint64_t seed);

/// The value below which the part `quantile` of the values lies, linear between neighbours (as
/// numpy.quantile); nothing for no values.
std::optional<double> quantileOf(std::vector<double> values, double quantile);

/// The Mann-Whitney statistic of weighted scores: see areaUnderRoc. Sorts once, for many weights.
class WeightedRoc {
 public:
  WeightedRoc(const std::vector<double>& scores, const std::vector<bool>& positive);

  /// Nothing when all positives, or all negatives, weigh nothing.
  std::optional<double> area(std::span<const std::uint32_t> weights) const;

 private:
  struct Entry {
    double score;
    std::size_t index;
    bool positive;
  };
  std::vector<Entry> sorted_;
};

}  // namespace inkling
