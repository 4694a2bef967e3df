#include "core/evaluation/bootstrap.h"

#include <algorithm>
#include <cmath>

#include "core/base/random.h"

namespace inkling {

std::vector<std::vector<std::uint32_t>> bootstrapCounts(std::size_t units, int count,
                                                        std::uint64_t seed) {
  Random random(seed, 0x626f6f74);  // a stream of its own
  std::vector<std::vector<std::uint32_t>> samples;
  for (int i = 0; i < count; ++i) {
    std::vector<std::uint32_t>& counts = samples.emplace_back(units);
    for (std::size_t k = 0; k < units; ++k)
      ++counts[random.below(static_cast<std::uint32_t>(units))];
  }
  return samples;
}

std::optional<double> quantileOf(std::vector<double> values, double quantile) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const double place = quantile * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
}

WeightedRoc::WeightedRoc(const std::vector<double>& scores, const std::vector<bool>& positive) {
  for (std::size_t i = 0; i < scores.size(); ++i) sorted_.push_back({scores[i], i, positive[i]});
  std::sort(sorted_.begin(), sorted_.end(),
            [](const Entry& a, const Entry& b) { return a.score < b.score; });
}

std::optional<double> WeightedRoc::area(std::span<const std::uint32_t> weights) const {
  double positives = 0, negatives = 0, wins = 0;
  for (std::size_t i = 0; i < sorted_.size();) {
    double tiedPositives = 0, tiedNegatives = 0;
    const double score = sorted_[i].score;
    for (; i < sorted_.size() && sorted_[i].score == score; ++i) {
      const double weight = weights.empty() ? 1 : weights[sorted_[i].index];
      (sorted_[i].positive ? tiedPositives : tiedNegatives) += weight;
    }
    wins += tiedPositives * (negatives + tiedNegatives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
  }
  if (positives == 0 || negatives == 0) return std::nullopt;
  return wins / positives / negatives;
}

}  // namespace inkling
