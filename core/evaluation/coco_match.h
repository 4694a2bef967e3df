// Which detections of one photo find which boxes: the first half of COCO's evaluation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/geometry/box.h"

namespace inkling {

/// One true box. `area` may be that of the object's mask; it decides the size group.
struct CocoTruth {
  Box box;
  double area = 0;
  bool crowd = false;  ///< detections in it are ignored, however many
};

/// One photo and one category (or one query): what is there and what was found.
struct CocoCell {
  std::vector<CocoTruth> truths;
  std::vector<ScoredBox> detections;  ///< in any order; the best 100 count
};

enum CocoSize : std::size_t { kAllSizes, kSmall, kMedium, kLarge };
inline constexpr std::size_t kCocoSizes = 4;  ///< see CocoSize; limits at areas of 32^2 and 96^2
inline constexpr std::size_t kCocoThresholds = 10;  ///< IoU 0.50, 0.55, ..., 0.95
inline constexpr std::size_t kCocoRecalls = 101;    ///< recall 0.00, 0.01, ..., 1.00
inline constexpr std::size_t kCocoMostDetections = 100;

/// The i-th IoU threshold and recall point, to the last bit as numpy.linspace makes them.
double cocoIouThreshold(std::size_t i);
double cocoRecall(std::size_t i);

/// The result for one cell. Bit t of a word stands for IoU threshold t.
struct CellMatches {
  struct PerSize {
    std::size_t wanted = 0;  ///< true boxes that count
    std::vector<std::uint16_t>
        matched;  ///< per detection: it found a box (which may be one to ignore)
    std::vector<std::uint16_t> ignored;  ///< per detection: neither right nor wrong
  };
  std::vector<double> scores;  ///< best first, at most 100; equal scores in the order given
  std::array<PerSize, kCocoSizes> sizes;
};

/// Greedy, best score first: a detection takes the free box with the largest IoU of at least the
/// threshold, boxes that count before boxes to ignore (crowds, and boxes of another size). A
/// detection without a box is ignored when its own area is of another size. Throws UsageError for a
/// score that is not a number.
CellMatches matchCell(const CocoCell& cell);

}  // namespace inkling
