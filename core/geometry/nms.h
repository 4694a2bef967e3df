// Keeping one box per object.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "core/geometry/box.h"

namespace inkling {

/// Greedy non-maximum suppression: takes the best box, drops every box whose IoU with it is over
/// `iouThreshold`, and goes on until none or `maxKept` are taken. Returns the indices of the boxes
/// taken, best first; equal scores are taken in the order of their indices, so that the result is
/// the same on every machine. Boxes with a NaN score are never taken. Throws UsageError when
/// `boxes` and `scores` differ in length.
std::vector<std::size_t> nonMaximumSuppression(
    std::span<const Box> boxes, std::span<const float> scores, double iouThreshold,
    std::size_t maxKept = std::numeric_limits<std::size_t>::max());

}  // namespace inkling
