// Random changes to a drawing that leave what it shows as it is.
#pragma once

#include "core/base/random.h"
#include "core/sketch/sketch.h"

namespace inkling {

struct StrokeAugmentation {
  double rotate = 12;  ///< degrees, up to, either way
  double shear = 0.15;
  double stretch = 0.2;  ///< each axis by a factor of 1 -+ this
  double flip = 0.5;     ///< probability of a mirrored drawing
  double jitter =
      1.2;  ///< standard deviation of a smooth shift of the points, percent of the drawing's size
  double dropStroke = 0.12;  ///< probability that one short stroke is left out (never the longest,
                             ///< never the only one)
  double simplify =
      0;  ///< lines lose detail up to this, percent of the drawing's size: a coarser hand or format
};

/// A changed copy. Stroke order and erasers stay as they are.
Sketch augment(const Sketch& sketch, const StrokeAugmentation& options, Random& random);

}  // namespace inkling
