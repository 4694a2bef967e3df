#include "ui/canvas/stroke_path.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace inkling {
namespace {

constexpr double kDot = 0.01;
constexpr double kLightest = 0.35, kRange = 1.3;

double segmentDistance(QPointF a, QPointF b, QPointF p) {
  const QPointF along = b - a, to = p - a;
  const double length = QPointF::dotProduct(along, along);
  const double t = length > 0 ? std::clamp(QPointF::dotProduct(to, along) / length, 0.0, 1.0) : 0;
  const QPointF gap = to - t * along;
  return std::hypot(gap.x(), gap.y());
}

}  // namespace

QPointF pointOf(const Stroke& stroke, std::size_t index) {
  return {stroke.x[index], stroke.y[index]};
}

QPainterPath strokePiece(const Stroke& stroke, std::size_t index) {
  const std::size_t last = stroke.size() - 1;
  const QPointF here = pointOf(stroke, index);
  if (last == 0) {
    QPainterPath dot(here);
    dot.lineTo(here + QPointF(kDot, 0));
    return dot;
  }
  const QPointF before = index == 0 ? here : (pointOf(stroke, index - 1) + here) / 2;
  const QPointF after = index == last ? here : (here + pointOf(stroke, index + 1)) / 2;
  QPainterPath piece(before);
  if (index == 0 || index == last) {
    piece.lineTo(after);
  } else {
    piece.quadTo(here, after);
  }
  return piece;
}

QPainterPath strokePath(const Stroke& stroke) {
  if (stroke.size() == 0) return {};
  QPainterPath path = strokePiece(stroke, 0);
  for (std::size_t i = 1; i < stroke.size(); ++i) path.connectPath(strokePiece(stroke, i));
  return path;
}

double pressureWidth(const Stroke& stroke, std::size_t index) {
  if (stroke.pressure.empty()) return 1;
  return kLightest + kRange * std::clamp<double>(stroke.pressure[index], 0, 1);
}

double distanceTo(const Stroke& stroke, QPointF point) {
  if (stroke.size() == 0) return std::numeric_limits<double>::infinity();
  double best = segmentDistance(pointOf(stroke, 0), pointOf(stroke, 0), point);
  for (std::size_t i = 1; i < stroke.size(); ++i)
    best = std::min(best, segmentDistance(pointOf(stroke, i - 1), pointOf(stroke, i), point));
  return best;
}

}  // namespace inkling
