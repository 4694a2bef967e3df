// From a picture of ink to pen strokes. Internal to core/sketch; others use inkStrokes().
#pragma once

#include <vector>

#include "core/sketch/sketch.h"

namespace inkling {

/// The middle lines of the ink as strokes, in pixels of the raster, so that thick and thin pens
/// give the same. Large pictures are reduced first. A filled shape gives its outline instead, since
/// its middle line would tell nothing. Empty when no pixel is at least half ink.
///
/// Thinning after T. Y. Zhang and C. Y. Suen, "A fast parallel algorithm for thinning digital
/// patterns" (1984).
std::vector<Stroke> traceInk(const InkRaster& raster);

}  // namespace inkling
