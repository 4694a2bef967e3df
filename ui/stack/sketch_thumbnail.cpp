#include "ui/stack/sketch_thumbnail.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>

#include "ui/canvas/stroke_path.h"

namespace inkling {

QPixmap sketchThumbnail(const Sketch& sketch, int side) {
  QPixmap pixmap(side, side);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  painter.setRenderHint(QPainter::Antialiasing);
  QPainterPath paper;
  paper.addRoundedRect(QRectF(0, 0, side, side), side / 16.0, side / 16.0);
  painter.fillPath(paper, Qt::white);
  const std::vector<Stroke> ink = inkStrokes(sketch);
  const InkBounds box = boundsOf(ink);
  if (box.empty()) return pixmap;
  const double margin = side / 8.0;
  const double scale = (side - 2 * margin) / std::max({box.width(), box.height(), 1e-6});
  painter.translate(side / 2.0, side / 2.0);
  painter.scale(scale, scale);
  painter.translate(-(box.left + box.right) / 2, -(box.top + box.bottom) / 2);
  painter.setPen(QPen(QColor(0x1d, 0x1f, 0x23), side / 40.0 / scale, Qt::SolidLine, Qt::RoundCap,
                      Qt::RoundJoin));
  for (const Stroke& stroke : ink) painter.drawPath(strokePath(stroke));
  return pixmap;
}

}  // namespace inkling
