// Small pictures of drawings.
#pragma once

#include <QPixmap>

#include "core/sketch/sketch.h"

namespace inkling {

/// The ink, fitted into a square of white paper with round corners; paper alone for a blank
/// drawing.
QPixmap sketchThumbnail(const Sketch& sketch, int side);

}  // namespace inkling
