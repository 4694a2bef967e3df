#include "ui/viewer/box_painter.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <algorithm>
#include <cmath>

#include "ui/theme/theme.h"

namespace inkling {
namespace {

const QColor kHalo(20, 20, 24, 150);
const QColor kInk(20, 20, 24);  // on plates; dark on both of their colours
constexpr double kLine = 2, kStrongLine = 4, kRim = 1;
constexpr int kWash = 46;  // alpha of the emphasised box's inside

// On whole pixels lines are sharp.
QRectF onPixels(const QRectF& rect) {
  return {QPointF(std::round(rect.left()), std::round(rect.top())),
          QPointF(std::round(rect.right()), std::round(rect.bottom()))};
}

void drawFrame(QPainter& painter, const QRectF& frame, QColor colour, double width) {
  QPen pen(colour, width);
  pen.setJoinStyle(Qt::MiterJoin);
  painter.setPen(pen);
  painter.drawRect(frame);
}

// Above the box if there is room, else in its corner; never outside of what is seen.
QRectF plateOf(const QRectF& box, QSizeF size, const QRectF& room) {
  const double above = box.top() - size.height();
  const double y = above >= room.top() ? above : std::max(box.top(), room.top());
  const double x =
      std::clamp(box.left(), room.left(), std::max(room.left(), room.right() - size.width()));
  return onPixels({QPointF(x, y), size});
}

void drawPlate(QPainter& painter, const QRectF& box, double score, QColor colour,
               const QRectF& room, double unit) {
  const QString text = scoreText(score);
  const QFontMetricsF metrics(painter.font());
  const QSizeF size(metrics.horizontalAdvance(text) + 10 * unit, metrics.height() + 2 * unit);
  const QRectF plate = plateOf(box.adjusted(-unit, -unit, unit, unit), size, room);
  painter.fillRect(plate, colour);
  painter.setPen(kInk);
  painter.drawText(plate, Qt::AlignCenter, text);
}

void drawBox(QPainter& painter, const ScoredBox& scored, bool best, bool strong,
             const QTransform& toView, const QRectF& room, double unit) {
  const QRectF frame = onPixels(toView.mapRect(toRect(scored.box)));
  // Beyond what is seen by more than a line: nothing to draw.
  const double margin = (kStrongLine + kRim) * unit;
  if (!frame.intersects(room.adjusted(-margin, -margin, margin, margin))) return;
  const QColor colour = best ? bestBoxColour() : otherBoxColour();
  const double width = (strong ? kStrongLine : kLine) * unit;
  if (strong) {
    QColor wash = colour;
    wash.setAlpha(kWash);
    painter.fillRect(frame, wash);
  }
  drawFrame(painter, frame, kHalo, width + 2 * kRim * unit);
  drawFrame(painter, frame, colour, width);
  QFont font = painter.font();
  const QFont before = font;
  font.setBold(best || strong);
  painter.setFont(font);
  if (frame.intersects(room)) drawPlate(painter, frame, scored.score, colour, room, unit);
  painter.setFont(before);
}

}  // namespace

void paintBoxes(QPainter& painter, const std::vector<ScoredBox>& boxes, const QTransform& toView,
                const QRectF& room, const BoxStyle& style) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing, false);
  painter.setBrush(Qt::NoBrush);
  for (int i = static_cast<int>(boxes.size()) - 1; i >= 0; --i) {
    if (i != style.emphasised)
      drawBox(painter, boxes[static_cast<std::size_t>(i)], i == 0, false, toView, room, style.unit);
  }
  if (style.emphasised >= 0 && style.emphasised < static_cast<int>(boxes.size())) {
    drawBox(painter, boxes[static_cast<std::size_t>(style.emphasised)], style.emphasised == 0, true,
            toView, room, style.unit);
  }
  painter.restore();
}

QString scoreText(double score) {
  const double share = std::isfinite(score) ? std::clamp(score, 0.0, 1.0) : 0.0;
  return QCoreApplication::translate("inkling::PhotoView", "%1%").arg(std::lround(100 * share));
}

QRectF toRect(const Box& box) { return {box.x, box.y, box.width, box.height}; }

}  // namespace inkling
