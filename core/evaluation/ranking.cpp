#include "core/evaluation/ranking.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/error.h"

namespace inkling {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

}  // namespace

double areaUnderRoc(std::span<const double> positives, std::span<const double> negatives) {
  if (positives.empty() || negatives.empty()) return kNothing;
  std::vector<double> sorted(negatives.begin(), negatives.end());
  std::sort(sorted.begin(), sorted.end());
  double wins = 0;
  for (const double score : positives) {
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), score);
    wins += static_cast<double>(first - sorted.begin()) + static_cast<double>(last - first) / 2;
  }
  return wins / static_cast<double>(positives.size()) / static_cast<double>(negatives.size());
}

double averagePrecision(const std::vector<bool>& relevance) {
  double found = 0, sum = 0;
  for (std::size_t i = 0; i < relevance.size(); ++i) {
    if (!relevance[i]) continue;
    found += 1;
    sum += found / static_cast<double>(i + 1);
  }
  return found > 0 ? sum / found : kNothing;
}

double precisionAt(const std::vector<bool>& relevance, std::size_t count) {
  const std::size_t end = std::min(count, relevance.size());
  if (end == 0) return kNothing;
  const auto found =
      std::count(relevance.begin(), relevance.begin() + static_cast<long>(end), true);
  return static_cast<double>(found) / static_cast<double>(end);
}

Calibration expectedCalibrationError(std::span<const double> scores, const std::vector<bool>& hits,
                                     std::size_t bins, bool evenly) {
  if (scores.size() != hits.size()) fail<UsageError>("as many scores as outcomes are needed");
  if (bins == 0) fail<UsageError>("at least one bin is needed");
  Calibration result;
  result.bins.resize(bins);
  for (std::size_t i = 0; i < bins; ++i) {
    result.bins[i].low = static_cast<double>(i) / static_cast<double>(bins);
    result.bins[i].high = static_cast<double>(i + 1) / static_cast<double>(bins);
  }
  const auto positives = static_cast<double>(std::count(hits.begin(), hits.end(), true));
  const double all = static_cast<double>(scores.size()), negatives = all - positives;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (!(scores[i] >= 0 && scores[i] <= 1))
      fail<UsageError>("the score {} is not in 0 .. 1", scores[i]);
    const auto index = static_cast<std::size_t>(scores[i] * static_cast<double>(bins));
    CalibrationBin& bin = result.bins[std::min(index, bins - 1)];
    const bool split = evenly && positives > 0 && negatives > 0;
    const double weight = split ? 0.5 / (hits[i] ? positives : negatives) : 1 / all;
    ++bin.count;
    bin.weight += weight;
    bin.meanScore += weight * scores[i];
    bin.hitRate += hits[i] ? weight : 0;
  }
  if (scores.empty()) result.error = kNothing;
  for (CalibrationBin& bin : result.bins) {
    if (bin.count == 0) continue;
    bin.meanScore /= bin.weight;
    bin.hitRate /= bin.weight;
    result.error += std::abs(bin.meanScore - bin.hitRate) * bin.weight;
  }
  return result;
}

}  // namespace inkling
