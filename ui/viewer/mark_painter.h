// What an attention mechanism chose to look at, drawn over a photo: sampling points, regions, and
// the place that looks.
#pragma once

#include <QPainter>
#include <QTransform>

#include "core/image/overlay_marks.h"

namespace inkling {

/// `photo` is where the photo lies in the painter's coordinates; `unit` the size of a pixel of the
/// screen, so that marks keep their size at any zoom.
void paintMarks(QPainter& painter, const OverlayMarks& marks, const QRectF& photo, double unit = 1);

}  // namespace inkling
