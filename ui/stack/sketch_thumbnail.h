// Small pictures of drawings.
#pragma once

#include <QPixmap>

#include "core/base/json.h"
#include "core/sketch/sketch.h"

namespace inkling {

/// The ink, fitted into a square of white paper with round corners; paper alone for a blank
/// drawing.
QPixmap sketchThumbnail(const Sketch& sketch, int side);

/// A sketch as a part of a larger JSON file, and back. The second throws InputError.
Json sketchToJsonValue(const Sketch& sketch);
Sketch sketchFromJsonValue(const Json& value, const std::string& name);

}  // namespace inkling
