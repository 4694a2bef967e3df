// Where a photo lies in a widget: zoom and place. Three kinds of pixels meet here: those of the
// photo, those of the widget (events and painting), and those of the screen, of which one of the
// widget holds `ratio` squared. Zoom 1 is one pixel of the photo on one of the screen.
//
//   PhotoGeometry geometry;
//   geometry.setPhoto({4000, 3000});
//   geometry.resize({800, 600}, devicePixelRatio());
//   geometry.zoomTo(1, pointer);
#pragma once

#include <QPointF>
#include <QRectF>
#include <QSizeF>
#include <QTransform>

namespace inkling {

class PhotoGeometry {
 public:
  static constexpr double kMostZoom = 32;

  /// Another photo, shown whole.
  void setPhoto(QSizeF photo);
  /// The same photo anew, perhaps of another size: zoom and the place in the middle stay.
  void replacePhoto(QSizeF photo);
  /// The middle of the photo's visible part stays in the middle.
  void resize(QSizeF widget, double ratio);

  QSizeF photo() const { return photo_; }
  double zoom() const;
  /// The photo is shown whole, at any size of the widget.
  bool isFit() const { return fit_; }
  void fit() { fit_ = true; }
  /// The place of the photo under `anchor` (widget) stays there, as far as the photo's rim allows.
  /// Clamped: no smaller than whole (or 1), no larger than kMostZoom.
  void zoomTo(double zoom, QPointF anchor);
  /// Moves the photo by pixels of the widget. False when it is at its end.
  bool pan(QPointF by);
  /// Moves (and zooms out, if it must) until this part of the photo is seen.
  void show(const QRectF& part);

  /// Pixels of the widget for one of the photo.
  double scale() const { return zoom() / ratio_; }
  /// The whole photo. At zoom 1 its corner is on a pixel of the screen, so that nothing blurs.
  QRectF inWidget() const;
  QTransform toWidget() const;
  QPointF toPhoto(QPointF widget) const;
  /// The part of the photo that is in the widget.
  QRectF visible() const;

 private:
  double fitZoom() const;
  QPointF middle() const;
  void keepInReach();

  QSizeF photo_{1, 1}, widget_{1, 1};
  double ratio_ = 1, zoom_ = 1;
  bool fit_ = true;
  QPointF middle_;  ///< the place of the photo in the middle of the widget
};

}  // namespace inkling
