// Taking away what an eraser passed over. Internal to core/sketch; others use inkStrokes().
#pragma once

#include <vector>

#include "core/sketch/sketch.h"

namespace inkling {

/// The parts of `pen` that are farther than `radius` from the line of `eraser`, in order. Points
/// are added where the pen's line comes near the eraser, so that long segments are cut to about a
/// twelfth of the radius.
std::vector<Stroke> eraseFrom(const Stroke& pen, const Stroke& eraser, double radius);

}  // namespace inkling
