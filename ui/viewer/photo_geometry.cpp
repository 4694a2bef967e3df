#include "ui/viewer/photo_geometry.h"

#include <algorithm>
#include <cmath>

namespace inkling {
namespace {

constexpr double kAir = 1.25;  // around a part that has to be seen

// The middle of a photo's side: free as long as the photo covers the view, else centred.
double reach(double middle, double photo, double seen) {
  if (photo <= seen) return photo / 2;
  return std::clamp(middle, seen / 2, photo - seen / 2);
}

}  // namespace

void PhotoGeometry::setPhoto(QSizeF photo) {
  photo_ = photo.expandedTo({1, 1});
  fit_ = true;
}

void PhotoGeometry::replacePhoto(QSizeF photo) {
  photo_ = photo.expandedTo({1, 1});
  keepInReach();
}

void PhotoGeometry::resize(QSizeF widget, double ratio) {
  widget_ = widget.expandedTo({1, 1});
  ratio_ = ratio;
  if (!fit_) zoom_ = std::clamp(zoom_, std::min(fitZoom(), 1.0), kMostZoom);
  keepInReach();
}

double PhotoGeometry::fitZoom() const {
  const double whole =
      ratio_ * std::min(widget_.width() / photo_.width(), widget_.height() / photo_.height());
  return std::min(whole, kMostZoom);
}

double PhotoGeometry::zoom() const { return fit_ ? fitZoom() : zoom_; }

void PhotoGeometry::zoomTo(double zoom, QPointF anchor) {
  const QPointF fromMiddle = anchor - QPointF(widget_.width() / 2, widget_.height() / 2);
  // Not by way of toPhoto(): what is rounded there would add up over many steps.
  const QPointF place = middle() + fromMiddle / scale();
  const double whole = fitZoom();
  zoom_ = std::clamp(zoom, std::min(whole, 1.0), kMostZoom);
  // Zooming out ends with the whole photo, which then follows the size of the widget.
  fit_ = whole <= 1 && zoom_ <= whole;
  middle_ = place - fromMiddle / scale();
  keepInReach();
}

bool PhotoGeometry::pan(QPointF by) {
  if (fit_) return false;
  const QPointF before = middle_;
  middle_ -= by / scale();
  keepInReach();
  return middle_ != before;
}

void PhotoGeometry::show(const QRectF& part) {
  if (fit_ || visible().contains(part)) return;
  const double room = ratio_ * std::min(widget_.width() / (part.width() * kAir),
                                        widget_.height() / (part.height() * kAir));
  zoom_ = std::max(std::min(zoom_, room), std::min(fitZoom(), 1.0));
  middle_ = part.center();
  keepInReach();
}

void PhotoGeometry::keepInReach() {
  const QSizeF seen = widget_ / scale();
  middle_ = {reach(middle_.x(), photo_.width(), seen.width()),
             reach(middle_.y(), photo_.height(), seen.height())};
}

QPointF PhotoGeometry::middle() const {
  return fit_ ? QPointF(photo_.width(), photo_.height()) / 2 : middle_;
}

QRectF PhotoGeometry::inWidget() const {
  QPointF corner = QPointF(widget_.width(), widget_.height()) / 2 - middle() * scale();
  if (std::abs(zoom() - 1) < 1e-9)
    corner = {std::round(corner.x() * ratio_) / ratio_, std::round(corner.y() * ratio_) / ratio_};
  return {corner, photo_ * scale()};
}

QTransform PhotoGeometry::toWidget() const {
  const QPointF corner = inWidget().topLeft();
  return QTransform(scale(), 0, 0, scale(), corner.x(), corner.y());
}

QPointF PhotoGeometry::toPhoto(QPointF widget) const {
  return (widget - inWidget().topLeft()) / scale();
}

QRectF PhotoGeometry::visible() const {
  const QRectF whole({0, 0}, photo_);
  return QRectF(toPhoto({0, 0}), widget_ / scale()).intersected(whole);
}

}  // namespace inkling
