// Sketches on the clipboard and in drag and drop.
#pragma once

#include <QMimeData>
#include <memory>

#include "core/sketch/sketch.h"

namespace inkling {

/// The drawing as Inkling's own format, as SVG for other drawing programs, and as a picture.
std::unique_ptr<QMimeData> toMimeData(const Sketch& sketch, const QImage& picture);

/// Whether something in there may be a sketch: our own format, SVG, a picture, or a file of a kind
/// that holds sketches.
bool maySketch(const QMimeData& data);

/// The sketch in there, the richest form first. Throws InputError with the reason.
Sketch sketchFromMimeData(const QMimeData& data);

}  // namespace inkling
