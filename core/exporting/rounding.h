// Numbers as the files of searches and exports hold them.
#pragma once

#include "core/geometry/box.h"

namespace inkling {

/// The nearest multiple of 1 / steps: roundedTo(0.12345, 100) is 0.12.
double roundedTo(double value, double steps);

/// To 0.01 pixels. The corners are rounded, so that a box inside the photo stays inside.
Box roundedBox(const Box& box);

/// Scores have six decimals in every file.
inline constexpr double kScoreSteps = 1e6;

}  // namespace inkling
