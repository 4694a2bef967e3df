#include "core/evaluation/coco_match.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/error.h"

namespace inkling {
namespace {

struct AreaRange {
  double low, high;
  bool outside(double area) const { return area < low || area > high; }
};

constexpr std::array<AreaRange, kCocoSizes> kRanges = {
    {{0, 1e10}, {0, 32 * 32}, {32 * 32, 96 * 96}, {96 * 96, 1e10}}};

// Areas are width times height even for a box that is empty, as in pycocotools.
double plainArea(const Box& box) { return box.width * box.height; }

// A crowd is found by lying in it: the union is then the detection alone.
double overlap(const Box& detection, const CocoTruth& truth) {
  const double width =
      std::min(detection.right(), truth.box.right()) - std::max(detection.x, truth.box.x);
  const double height =
      std::min(detection.bottom(), truth.box.bottom()) - std::max(detection.y, truth.box.y);
  if (!(width > 0 && height > 0)) return 0;
  const double common = width * height, area = plainArea(detection);
  return common / (truth.crowd ? area : area + plainArea(truth.box) - common);
}

std::vector<ScoredBox> bestFirst(const std::vector<ScoredBox>& detections) {
  std::vector<ScoredBox> sorted = detections;
  for (const ScoredBox& detection : sorted) {
    if (std::isnan(detection.score)) fail<UsageError>("a detection's score is not a number");
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const ScoredBox& a, const ScoredBox& b) { return a.score > b.score; });
  if (sorted.size() > kCocoMostDetections) sorted.resize(kCocoMostDetections);
  return sorted;
}

class SizeMatcher {
 public:
  SizeMatcher(const std::vector<CocoTruth>& truths, const std::vector<ScoredBox>& detections,
              const std::vector<double>& overlaps, const AreaRange& range)
      : truths_(truths), detections_(detections), overlaps_(overlaps), ignore_(truths.size()) {
    for (std::size_t g = 0; g < truths.size(); ++g) {
      ignore_[g] = truths[g].crowd || range.outside(truths[g].area);
    }
    // Boxes that count come first, each group in the order given.
    order_.resize(truths.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::stable_sort(order_.begin(), order_.end(),
                     [&](std::size_t a, std::size_t b) { return !ignore_[a] && ignore_[b]; });
    result_.wanted = static_cast<std::size_t>(std::count(ignore_.begin(), ignore_.end(), false));
    result_.matched.resize(detections.size());
    result_.ignored.resize(detections.size());
  }

  CellMatches::PerSize match(const AreaRange& range) {
    for (std::size_t t = 0; t < kCocoThresholds; ++t) matchAt(t, range);
    return std::move(result_);
  }

 private:
  void matchAt(std::size_t t, const AreaRange& range) {
    const auto bit = static_cast<std::uint16_t>(1u << t);
    std::vector<bool> taken(truths_.size());
    for (std::size_t d = 0; d < detections_.size(); ++d) {
      const std::size_t found = best(d, cocoIouThreshold(t), taken);
      if (found < truths_.size()) {
        taken[found] = true;
        result_.matched[d] |= bit;
        if (ignore_[found]) result_.ignored[d] |= bit;
      } else if (range.outside(plainArea(detections_[d].box))) {
        result_.ignored[d] |= bit;
      }
    }
  }

  // The box that detection d takes; truths_.size() when there is none.
  std::size_t best(std::size_t d, double threshold, const std::vector<bool>& taken) const {
    double least = std::min(threshold, 1 - 1e-10);
    std::size_t found = truths_.size();
    for (const std::size_t g : order_) {
      if (taken[g] && !truths_[g].crowd) continue;
      if (found < truths_.size() && !ignore_[found] && ignore_[g]) break;
      const double value = overlaps_[d * truths_.size() + g];
      if (value < least) continue;
      // At equal overlap the later box is taken, as in pycocotools.
      least = value;
      found = g;
    }
    return found;
  }

  const std::vector<CocoTruth>& truths_;
  const std::vector<ScoredBox>& detections_;
  const std::vector<double>& overlaps_;
  std::vector<bool> ignore_;
  std::vector<std::size_t> order_;
  CellMatches::PerSize result_;
};

}  // namespace

double cocoIouThreshold(std::size_t i) {
  if (i + 1 == kCocoThresholds) return 0.95;
  return static_cast<double>(i) * ((0.95 - 0.5) / 9) + 0.5;
}

double cocoRecall(std::size_t i) {
  return i + 1 == kCocoRecalls ? 1.0 : static_cast<double>(i) * (1.0 / 100);
}

CellMatches matchCell(const CocoCell& cell) {
  const std::vector<ScoredBox> detections = bestFirst(cell.detections);
  std::vector<double> overlaps;
  overlaps.reserve(detections.size() * cell.truths.size());
  for (const ScoredBox& detection : detections) {
    for (const CocoTruth& truth : cell.truths) overlaps.push_back(overlap(detection.box, truth));
  }
  CellMatches matches;
  for (const ScoredBox& detection : detections) matches.scores.push_back(detection.score);
  for (std::size_t size = 0; size < kCocoSizes; ++size) {
    matches.sizes[size] =
        SizeMatcher(cell.truths, detections, overlaps, kRanges[size]).match(kRanges[size]);
  }
  return matches;
}

}  // namespace inkling
