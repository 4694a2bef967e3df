#include "core/evaluation/coco_metrics.h"

#include <algorithm>
#include <limits>

namespace inkling {
namespace {

std::uint32_t weightOf(std::span<const std::uint32_t> weights, std::size_t cell) {
  return weights.empty() ? 1 : weights[cell];
}

// Only right detections need be looked at: precision falls at every wrong one, so its running
// maximum from the end, and the first place where a recall is reached, are at right ones.
PrecisionCurve curveOf(const std::vector<double>& right, const std::vector<double>& counted,
                       double wanted) {
  PrecisionCurve curve{};
  std::size_t recall = kCocoRecalls;
  double best = 0;
  for (std::size_t i = right.size(); i-- > 0;) {
    // From the last step down: recall points over this step's recall have the maximum of the later
    // ones.
    while (recall > 0 && cocoRecall(recall - 1) > right[i] / wanted) curve[--recall] = best;
    best = std::max(best, right[i] / (counted[i] + std::numeric_limits<double>::epsilon()));
  }
  while (recall > 0) curve[--recall] = best;
  return curve;
}

// Gathers figures that are not -1.
class Mean {
 public:
  void add(std::span<const double> values) {
    for (const double value : values) {
      if (value <= -1) continue;
      sum_ += value;
      ++count_;
    }
  }
  double value() const { return count_ > 0 ? sum_ / static_cast<double>(count_) : -1; }

 private:
  double sum_ = 0;
  std::size_t count_ = 0;
};

std::array<double, kCocoThresholds> nothing() {
  std::array<double, kCocoThresholds> values{};
  values.fill(-1);
  return values;
}

}  // namespace

CocoAccumulator::CocoAccumulator(std::span<const CellMatches> cells) : cells_(cells) {
  for (std::size_t cell = 0; cell < cells.size(); ++cell) {
    for (std::size_t d = 0; d < cells[cell].scores.size(); ++d) {
      sorted_.push_back({static_cast<std::uint32_t>(cell), static_cast<std::uint32_t>(d)});
    }
  }
  const auto score = [&](const Detection& d) { return cells_[d.cell].scores[d.index]; };
  std::stable_sort(sorted_.begin(), sorted_.end(),
                   [&](const Detection& a, const Detection& b) { return score(a) > score(b); });
}

double CocoAccumulator::wanted(CocoSize size, std::span<const std::uint32_t> weights) const {
  double sum = 0;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    sum += static_cast<double>(cells_[i].sizes[size].wanted) * weightOf(weights, i);
  }
  return sum;
}

void CocoAccumulator::collect(CocoSize size, std::span<const std::uint32_t> weights,
                              std::array<Steps, kCocoThresholds>& steps) const {
  double seen = 0;
  std::array<double, kCocoThresholds> right{}, ignored{};
  for (const Detection& detection : sorted_) {
    const double weight = weightOf(weights, detection.cell);
    if (weight == 0) continue;
    seen += weight;
    const CellMatches::PerSize& cell = cells_[detection.cell].sizes[size];
    const std::uint16_t skip = cell.ignored[detection.index];
    const auto hit = static_cast<std::uint16_t>(cell.matched[detection.index] & ~skip);
    if ((hit | skip) == 0) continue;  // wrong at every threshold, as most are
    for (std::size_t t = 0; t < kCocoThresholds; ++t) {
      if ((skip >> t & 1) != 0) ignored[t] += weight;
      if ((hit >> t & 1) == 0) continue;
      right[t] += weight;
      steps[t].right.push_back(right[t]);
      steps[t].counted.push_back(seen - ignored[t]);
    }
  }
}

std::array<double, kCocoThresholds> CocoAccumulator::averagePrecisions(
    CocoSize size, std::span<const std::uint32_t> weights) const {
  const double count = wanted(size, weights);
  if (count == 0) return nothing();
  std::array<Steps, kCocoThresholds> steps;
  collect(size, weights, steps);
  std::array<double, kCocoThresholds> result{};
  for (std::size_t t = 0; t < kCocoThresholds; ++t) {
    result[t] = meanFigure(curveOf(steps[t].right, steps[t].counted, count));
  }
  return result;
}

PrecisionCurve CocoAccumulator::precisionCurve(CocoSize size, std::size_t threshold) const {
  const double count = wanted(size, {});
  if (count == 0) {
    PrecisionCurve none{};
    none.fill(-1);
    return none;
  }
  std::array<Steps, kCocoThresholds> steps;
  collect(size, {}, steps);
  return curveOf(steps[threshold].right, steps[threshold].counted, count);
}

std::array<double, kCocoThresholds> CocoAccumulator::recalls(CocoSize size,
                                                             std::size_t mostDetections) const {
  const double count = wanted(size, {});
  if (count == 0) return nothing();
  std::array<double, kCocoThresholds> found{};
  for (const CellMatches& cell : cells_) {
    const CellMatches::PerSize& matches = cell.sizes[size];
    for (std::size_t d = 0; d < std::min(mostDetections, cell.scores.size()); ++d) {
      const auto hit = static_cast<std::uint16_t>(matches.matched[d] & ~matches.ignored[d]);
      for (std::size_t t = 0; t < kCocoThresholds; ++t) found[t] += hit >> t & 1;
    }
  }
  for (double& value : found) value /= count;
  return found;
}

double meanFigure(std::span<const double> values) {
  Mean mean;
  mean.add(values);
  return mean.value();
}

CocoFigures cocoFigures(std::span<const std::vector<CellMatches>> categories) {
  std::array<Mean, kCocoSizes> precision, recall;
  Mean at50, at75, recall1, recall10;
  for (const std::vector<CellMatches>& cells : categories) {
    const CocoAccumulator accumulator(cells);
    for (std::size_t s = 0; s < kCocoSizes; ++s) {
      const auto size = static_cast<CocoSize>(s);
      const auto values = accumulator.averagePrecisions(size);
      precision[s].add(values);
      recall[s].add(accumulator.recalls(size, kCocoMostDetections));
      if (size != kAllSizes) continue;
      at50.add({&values[0], 1});
      at75.add({&values[5], 1});
    }
    recall1.add(accumulator.recalls(kAllSizes, 1));
    recall10.add(accumulator.recalls(kAllSizes, 10));
  }
  return {precision[kAllSizes].value(),
          at50.value(),
          at75.value(),
          precision[kSmall].value(),
          precision[kMedium].value(),
          precision[kLarge].value(),
          recall1.value(),
          recall10.value(),
          recall[kAllSizes].value(),
          recall[kSmall].value(),
          recall[kMedium].value(),
          recall[kLarge].value()};
}

}  // namespace inkling
