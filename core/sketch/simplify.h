// Fewer points for the same line.
#pragma once

#include "core/sketch/sketch.h"

namespace inkling {

/// Drops points that lie within `tolerance` (units of the stroke) of the line through their
/// neighbours. The ends stay; times and pressures of the points that stay, too. Not recursive, so
/// that a stroke of a million points is no danger.
///
/// Urs Ramer, "An iterative procedure for the polygonal approximation of plane curves" (1972); D.
/// Douglas and T. Peucker, "Algorithms for the reduction of the number of points required to
/// represent a digitized line" (1973). Throws UsageError for a tolerance that is negative or not a
/// number.
Stroke simplify(const Stroke& stroke, double tolerance);

/// Points at equal distances of about `spacing` along the stroke, ends included; times and
/// pressures are interpolated. A stroke without length keeps its first point. Throws UsageError for
/// a spacing that is not positive.
Stroke resample(const Stroke& stroke, double spacing);

/// The length of the stroke's line.
double arcLength(const Stroke& stroke);

}  // namespace inkling
