// Where the page lies in a widget: zoom and pan.
#pragma once

#include <QPointF>
#include <QRectF>
#include <QSizeF>
#include <QTransform>

namespace inkling {

class PageView {
 public:
  static constexpr double kLeastZoom = 0.25, kMostZoom = 16;

  explicit PageView(double page) : page_(page) {}

  /// The widget's size in its own pixels; the page keeps its place about the middle.
  void resize(QSizeF widget);
  /// 1 is the whole page with a little free space around it.
  double zoom() const { return zoom_; }
  /// The point of the page under `anchor` (widget) stays there. Clamped to kLeastZoom .. kMostZoom.
  void zoomTo(double zoom, QPointF anchor);
  void pan(QPointF by);
  /// Back to the whole page.
  void reset();

  /// Pixels of the widget for one unit of the page.
  double scale() const;
  QTransform toWidget() const;
  QPointF toPage(QPointF widget) const;
  QRectF pageInWidget() const;

 private:
  void keepInReach();

  double page_, zoom_ = 1;
  QSizeF widget_{1, 1};
  QPointF middle_{0, 0};  ///< the page's middle, from the widget's middle, in pixels
};

}  // namespace inkling
