// COCO's figures for boxes, exactly as pycocotools' COCOeval gives them.
// T.-Y. Lin et al., "Microsoft COCO: Common Objects in Context", ECCV 2014;
// https://cocodataset.org/#detection-eval
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/evaluation/coco_match.h"

namespace inkling {

/// 0 .. 1; -1 where there is nothing to find.
struct CocoFigures {
  double ap = -1, ap50 = -1, ap75 = -1;              ///< average precision, up to 100 detections
  double apSmall = -1, apMedium = -1, apLarge = -1;  ///< by the size of the objects
  double ar1 = -1, ar10 = -1, ar100 = -1;            ///< recall with the best 1, 10, 100 detections
  double arSmall = -1, arMedium = -1, arLarge = -1;  ///< by the size of the objects, 100 detections
};

/// Precision at each of the 101 recall points, made monotonic.
using PrecisionCurve = std::array<double, kCocoRecalls>;

/// Figures of the cells of one category. Matching is paid once; the figures for other weights of
/// the cells (bootstrap samples) are then quick.
class CocoAccumulator {
 public:
  /// The cells have to outlive the accumulator. Their order decides between equal scores.
  explicit CocoAccumulator(std::span<const CellMatches> cells);

  /// Area under the curve at each IoU threshold, cell i counted `weights[i]` times (once each when
  /// `weights` is empty); all -1 where there is nothing to find.
  std::array<double, kCocoThresholds> averagePrecisions(
      CocoSize size, std::span<const std::uint32_t> weights = {}) const;

  /// The curve at one IoU threshold; all -1 where there is nothing to find.
  PrecisionCurve precisionCurve(CocoSize size, std::size_t threshold) const;

  /// Recall at each IoU threshold with the best `mostDetections` of each cell; all -1 where there
  /// is nothing to find.
  std::array<double, kCocoThresholds> recalls(CocoSize size, std::size_t mostDetections) const;

 private:
  struct Detection {
    std::uint32_t cell, index;
  };
  // The right detections at one threshold, best first: how many are right and how many count, up to
  // each.
  struct Steps {
    std::vector<double> right, counted;
  };

  double wanted(CocoSize size, std::span<const std::uint32_t> weights) const;
  void collect(CocoSize size, std::span<const std::uint32_t> weights,
               std::array<Steps, kCocoThresholds>& steps) const;

  std::span<const CellMatches> cells_;
  std::vector<Detection> sorted_;  // of all cells, best first
};

/// The 12 figures; `categories[k]` holds the cells of category k. Categories without boxes do not
/// count.
CocoFigures cocoFigures(std::span<const std::vector<CellMatches>> categories);

/// The mean of average precisions of one category; -1 stays -1.
double meanFigure(std::span<const double> values);

}  // namespace inkling
