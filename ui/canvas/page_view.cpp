#include "ui/canvas/page_view.h"

#include <algorithm>

namespace inkling {
namespace {

// Share of the widget's smaller side that the page takes at zoom 1, and of the page that always
// stays in sight.
constexpr double kFit = 0.94, kInSight = 0.1;

}  // namespace

double PageView::scale() const {
  return zoom_ * kFit * std::max(1.0, std::min(widget_.width(), widget_.height())) / page_;
}

QTransform PageView::toWidget() const {
  const QPointF centre = QPointF(widget_.width() / 2, widget_.height() / 2) + middle_;
  const double s = scale();
  return {s, 0, 0, s, centre.x() - s * page_ / 2, centre.y() - s * page_ / 2};
}

QPointF PageView::toPage(QPointF widget) const { return toWidget().inverted().map(widget); }

QRectF PageView::pageInWidget() const { return toWidget().mapRect(QRectF(0, 0, page_, page_)); }

void PageView::resize(QSizeF widget) {
  const double before = scale();
  widget_ = widget;
  middle_ *= scale() / before;
  keepInReach();
}

void PageView::zoomTo(double zoom, QPointF anchor) {
  const QPointF held = toPage(anchor);
  zoom_ = std::clamp(zoom, kLeastZoom, kMostZoom);
  middle_ += anchor - toWidget().map(held);
  keepInReach();
}

void PageView::pan(QPointF by) {
  middle_ += by;
  keepInReach();
}

void PageView::reset() {
  zoom_ = 1;
  middle_ = {};
}

// A page that was pushed out of the window could not be found again.
void PageView::keepInReach() {
  const double half = scale() * page_ * (0.5 - kInSight);
  const double x = widget_.width() / 2 + half, y = widget_.height() / 2 + half;
  middle_ = {std::clamp(middle_.x(), -x, x), std::clamp(middle_.y(), -y, y)};
}

}  // namespace inkling
