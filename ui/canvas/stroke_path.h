// Strokes as smooth lines: quadratic curves through the middles between points, so that a part that
// is drawn already never moves when a point is added.
#pragma once

#include <QPainterPath>
#include <QRectF>
#include <cstddef>

#include "core/sketch/sketch.h"

namespace inkling {

QPointF pointOf(const Stroke& stroke, std::size_t index);

/// The whole line; a short horizontal one for a single point, so that a round pen makes a dot.
QPainterPath strokePath(const Stroke& stroke);

/// The piece of the line that belongs to point `index`: from the middle before it to the middle
/// after it, at the ends from the first and to the last point. Together the pieces are strokePath.
QPainterPath strokePiece(const Stroke& stroke, std::size_t index);

/// How wide the pen is at a point, as a factor: 1 without pressure, else 0.35 .. 1.65.
double pressureWidth(const Stroke& stroke, std::size_t index);

/// The distance from `point` to the line through the stroke's points.
double distanceTo(const Stroke& stroke, QPointF point);

}  // namespace inkling
