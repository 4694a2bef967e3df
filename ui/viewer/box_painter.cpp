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

// One box on its way to the painter.
struct Shown {
  QRectF frame;  ///< in the view
  double score = 0;
  QColor colour;
  bool best = false, strong = false;
};

void drawLines(QPainter& painter, const Shown& box, double unit, bool tinted) {
  const double width = (box.strong ? kStrongLine : kLine) * unit;
  if (box.strong && tinted) {
    QColor wash = box.colour;
    wash.setAlpha(kWash);
    painter.fillRect(box.frame, wash);
  }
  drawFrame(painter, box.frame, kHalo, width + 2 * kRim * unit);
  drawFrame(painter, box.frame, box.colour, width);
}

void drawPlate(QPainter& painter, const Shown& box, const QRectF& room, double unit) {
  QFont font = painter.font();
  font.setBold(box.best || box.strong);
  const QString text = scoreText(box.score);
  const QFontMetricsF metrics(font);
  const QSizeF size(metrics.horizontalAdvance(text) + 10 * unit, metrics.height() + 2 * unit);
  const double rim = (box.strong ? kStrongLine / 2 : kLine / 2) * unit;
  const QRectF plate = plateOf(box.frame.adjusted(-rim, -rim, rim, rim), size, room);
  painter.fillRect(plate, box.colour);
  painter.save();
  painter.setFont(font);
  painter.setPen(kInk);
  painter.drawText(plate, Qt::AlignCenter, text);
  painter.restore();
}

// In the order of painting, without those that are out of sight.
std::vector<Shown> shownBoxes(const std::vector<ScoredBox>& boxes, const QTransform& toView,
                              const QRectF& room, int emphasised) {
  std::vector<Shown> shown;
  const auto add = [&](int i) {
    const ScoredBox& scored = boxes[static_cast<std::size_t>(i)];
    const QRectF frame = onPixels(toView.mapRect(toRect(scored.box)));
    if (!frame.intersects(room)) return;
    shown.push_back({frame, scored.score, i == 0 ? bestBoxColour() : otherBoxColour(), i == 0,
                     i == emphasised});
  };
  for (int i = static_cast<int>(boxes.size()) - 1; i >= 0; --i) {
    if (i != emphasised) add(i);
  }
  if (emphasised >= 0 && emphasised < static_cast<int>(boxes.size())) add(emphasised);
  return shown;
}

}  // namespace

void paintBoxes(QPainter& painter, const std::vector<ScoredBox>& boxes, const QTransform& toView,
                const QRectF& room, const BoxStyle& style) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing, false);
  painter.setBrush(Qt::NoBrush);
  const std::vector<Shown> shown = shownBoxes(boxes, toView, room, style.emphasised);
  for (const Shown& box : shown) drawLines(painter, box, style.unit, style.wash);
  // No line runs through a score.
  for (const Shown& box : shown) drawPlate(painter, box, room, style.unit);
  painter.restore();
}

QString scoreText(double score) {
  const double share = std::isfinite(score) ? std::clamp(score, 0.0, 1.0) : 0.0;
  return QCoreApplication::translate("inkling::PhotoView", "%1%").arg(std::lround(100 * share));
}

QRectF toRect(const Box& box) { return {box.x, box.y, box.width, box.height}; }

}  // namespace inkling
