#include "ui/viewer/mark_painter.h"

#include "core/image/overlay.h"

namespace inkling {
namespace {

const QColor kDark(20, 20, 24), kLight(255, 255, 255);

}  // namespace

void paintMarks(QPainter& painter, const OverlayMarks& marks, const QRectF& photo, double unit) {
  const auto placed = [&](double x, double y) {
    return QPointF(photo.x() + x * photo.width(), photo.y() + y * photo.height());
  };
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setBrush(Qt::NoBrush);
  // Light on dark, so that it shows on any colour.
  for (const Box& region : marks.regions) {
    const QRectF frame(placed(region.x, region.y), placed(region.right(), region.bottom()));
    for (const auto& [colour, width] : {std::pair(kDark, 3.0), std::pair(kLight, 1.2)}) {
      painter.setPen(QPen(colour, width * unit));
      painter.drawRect(frame);
    }
  }
  for (const OverlayMarks::Point& point : marks.points) {
    if (!point.onPhoto()) continue;
    const Rgb colour = groupColour(static_cast<std::size_t>(std::max(0, point.group)));
    painter.setPen(QPen(kDark, unit));
    painter.setBrush(QColor(colour.r, colour.g, colour.b));
    painter.drawEllipse(placed(point.x, point.y), 3 * unit, 3 * unit);
  }
  painter.setBrush(Qt::NoBrush);
  if (marks.place && marks.place->onPhoto()) {
    const QPointF at = placed(marks.place->x, marks.place->y);
    for (const auto& [colour, width] : {std::pair(kDark, 4.0), std::pair(kLight, 1.8)}) {
      painter.setPen(QPen(colour, width * unit));
      painter.drawEllipse(at, 8 * unit, 8 * unit);
      for (const QPointF way : {QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1)})
        painter.drawLine(at + way * 4 * unit, at + way * 12 * unit);
    }
  }
  painter.restore();
}

}  // namespace inkling
