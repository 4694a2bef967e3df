// One photo, large: zoom and pan, the boxes that were found, a heat map over it, and a divider with
// the plain photo on its left.
//
//   PhotoView view;
//   view.setPhoto(photo);                  // from PhotoLoader
//   view.setDetections(found.boxes);
//   view.setOverlay(maps.layerMap(2, {}));
//
// Mouse: the wheel zooms, dragging moves, a double click goes between the whole photo and its own
// pixels, a click on a box selects it. Keys: + - 0 1 (with or without Ctrl) zoom, arrows move, N P
// (or . and ,) step through the boxes, Esc selects none, Ctrl+Left and Ctrl+Right move the divider.
//
// Places are pixels of the photo at its full size, however it is shown.
#pragma once

#include <QPixmap>
#include <QStringList>
#include <QTimer>
#include <QWidget>
#include <optional>
#include <vector>

#include "core/geometry/box.h"
#include "core/image/overlay.h"
#include "core/image/overlay_marks.h"
#include "ui/viewer/loaded_photo.h"
#include "ui/viewer/photo_geometry.h"
#include "ui/viewer/photo_picture.h"

namespace inkling {

class PhotoView : public QWidget {
  Q_OBJECT

 public:
  explicit PhotoView(QWidget* parent = nullptr);

  /// Another photo, shown whole, without boxes and overlay.
  void setPhoto(LoadedPhoto photo);
  /// The file has changed: the place that was looked at stays; boxes and overlay go.
  void replacePhoto(LoadedPhoto photo);
  const LoadedPhoto& photo() const { return photo_; }
  bool hasPhoto() const { return state_ == State::kPhoto; }
  /// What is seen in place of a photo.
  void showEmpty();
  void showLoading(const QString& name);
  void showFailure(const QString& reason);
  /// Remarks at the lower edge, whole sentences; none: an empty list.
  void setNotes(const QStringList& notes);
  const QStringList& notes() const { return notes_; }

  /// Best first, in pixels of the photo.
  void setDetections(std::vector<ScoredBox> boxes);
  /// Boxes with lower scores are not shown.
  void setThreshold(double threshold);
  bool boxesOn() const { return boxesOn_; }
  /// Those that are seen now, best first.
  const std::vector<ScoredBox>& shownBoxes() const { return shown_; }
  /// Number of the selected one among shownBoxes(), -1: none. Out of range selects none.
  int selected() const { return selected_; }
  void select(int box);
  /// The box at this place of the view, -1: none. Where boxes lie in each other, the smallest.
  int boxAt(QPointF at) const;

  /// A map over the whole photo; nullopt takes it away. Throws UsageError when its sizes disagree.
  void setOverlay(std::optional<HeatMap> map);
  /// What is drawn over the map; empty marks take it away.
  void setMarks(OverlayMarks marks);
  const OverlayMarks& marks() const { return marks_; }
  const std::optional<HeatMap>& overlay() const { return map_; }
  /// The (raw) value of its cell at a place of the photo; nothing without an overlay.
  std::optional<float> overlayAt(QPointF place) const;
  void setColourMap(ColourMap colours);
  /// 0 .. 1, clamped.
  void setOpacity(double opacity);

  bool split() const { return split_; }
  /// Where the divider is, 0 .. 1 of the view's width.
  double splitAt() const { return splitAt_; }
  void setSplitAt(double share);

  /// 1: a pixel of the photo is a pixel of the screen.
  double zoom() const { return geometry_.zoom(); }
  QString zoomText() const;
  const PhotoGeometry& geometry() const { return geometry_; }

  /// What is seen (all of the photo, not split), to be painted at its full size.
  PhotoPicture snapshot() const;
  QImage picture() const { return painted(snapshot()); }

  QSize sizeHint() const override { return {640, 480}; }
  QSize minimumSizeHint() const override { return {160, 120}; }

 public Q_SLOTS:  // NOLINT(readability-redundant-access-specifiers)
  void zoomIn();
  void zoomOut();
  void fit();
  void actualSize();
  void nextDetection() { step(1); }
  void previousDetection() { step(-1); }
  void setBoxesOn(bool on);
  void setSplit(bool on);

 Q_SIGNALS:
  /// The pointer is over this place of the photo; nothing when it left the photo.
  void pointerMoved(std::optional<QPointF> place);
  void viewChanged();
  void selectionChanged(int box);

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  enum class State { kEmpty, kLoading, kFailed, kPhoto };
  enum class Hold { kNothing, kPhoto, kDivider };

  void take(LoadedPhoto photo);
  void setState(State state, const QString& text);
  void refreshShown();
  void refreshView();
  void describe();
  void step(int by);
  void hover(QPointF at);
  void tellPointer(std::optional<QPointF> at);
  bool onDivider(QPointF at) const;
  double dividerX() const { return splitAt_ * width(); }
  void zoomBy(double factor, QPointF anchor);
  void updateCursor(QPointF at);
  bool zoomKey(int key);
  bool boxKey(int key);
  bool moveKey(const QKeyEvent& event);

  void paintPhoto(QPainter& painter);
  QPixmap renderedPhoto() const;
  void paintResults(QPainter& painter);
  void paintDivider(QPainter& painter) const;
  void paintNotes(QPainter& painter) const;
  void paintMessage(QPainter& painter) const;
  void paintPlate(QPainter& painter, const QRectF& plate, const QString& text) const;
  const QImage& colouredOverlay();

  State state_ = State::kEmpty;
  QString text_;  ///< name of the photo that is loaded, or the reason of a failure
  QTimer patience_;
  LoadedPhoto photo_;
  PhotoGeometry geometry_;
  QPixmap rendered_;  ///< the visible part of the photo, in pixels of the screen
  bool renderedIsOld_ = true;
  QStringList notes_;

  std::vector<ScoredBox> boxes_, shown_;
  double threshold_ = 0;
  bool boxesOn_ = true;
  int selected_ = -1, hovered_ = -1;

  std::optional<HeatMap> map_;
  OverlayMarks marks_;
  QImage coloured_;  ///< of map_, made when it is painted
  ColourMap colours_ = ColourMap::viridis;
  double opacity_ = 0.55;

  bool split_ = false;
  double splitAt_ = 0.5;

  Hold hold_ = Hold::kNothing;
  QPointF pressed_, held_;  ///< where the button went down, and where the photo is held now
  bool dragged_ = false;
};

}  // namespace inkling
