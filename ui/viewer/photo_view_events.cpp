// What mouse and keys do in a PhotoView.
#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "ui/viewer/photo_view.h"

namespace inkling {
namespace {

constexpr double kWheelZoom = 1.2;     // a notch of the wheel
constexpr double kArrow = 64;          // pixels that an arrow key moves the photo
constexpr double kDividerReach = 7;    // pixels on either side that take hold of the divider
constexpr double kDividerStep = 0.02;  // of the width, a key

}  // namespace

bool PhotoView::event(QEvent* event) {
  if (event->type() == QEvent::NativeGesture) {
    const auto& gesture = static_cast<QNativeGestureEvent&>(*event);
    if (gesture.gestureType() == Qt::ZoomNativeGesture) {
      zoomBy(1 + gesture.value(), gesture.position());
      return true;
    }
  }
  return QWidget::event(event);
}

void PhotoView::resizeEvent(QResizeEvent*) {
  geometry_.resize(size(), devicePixelRatioF());
  refreshView();
}

void PhotoView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange) {
    renderedIsOld_ = true;  // the space beside the photo has another colour
    update();
  }
  if (event->type() == QEvent::LanguageChange) {
    describe();
    update();
  }
  QWidget::changeEvent(event);
}

void PhotoView::mousePressEvent(QMouseEvent* event) {
  const bool left = event->button() == Qt::LeftButton;
  if (!hasPhoto() || hold_ != Hold::kNothing || (!left && event->button() != Qt::MiddleButton))
    return;
  pressed_ = held_ = event->position();
  dragged_ = false;
  hold_ = left && onDivider(pressed_) ? Hold::kDivider : Hold::kPhoto;
}

void PhotoView::mouseMoveEvent(QMouseEvent* event) {
  const QPointF at = event->position();
  if (hold_ == Hold::kDivider) {
    setSplitAt(at.x() / width());
  } else if (hold_ == Hold::kPhoto) {
    const QPointF way = at - pressed_;
    dragged_ = dragged_ || way.manhattanLength() >= QApplication::startDragDistance();
    if (dragged_ && geometry_.pan(at - held_)) refreshView();
    if (dragged_) held_ = at;
  } else {
    hover(at);
  }
  updateCursor(at);
  tellPointer(at);
}

void PhotoView::mouseReleaseEvent(QMouseEvent* event) {
  if (hold_ == Hold::kPhoto && !dragged_ && event->button() == Qt::LeftButton)
    select(boxAt(event->position()));
  hold_ = Hold::kNothing;
  updateCursor(event->position());
}

void PhotoView::mouseDoubleClickEvent(QMouseEvent* event) {
  if (!hasPhoto() || event->button() != Qt::LeftButton || onDivider(event->position())) return;
  if (geometry_.isFit()) {
    geometry_.zoomTo(1, event->position());
  } else {
    geometry_.fit();
  }
  refreshView();
}

void PhotoView::wheelEvent(QWheelEvent* event) {
  const double notches = event->angleDelta().y() / 120.0;
  if (notches != 0) zoomBy(std::pow(kWheelZoom, notches), event->position());
  tellPointer(event->position());
  event->accept();
}

void PhotoView::leaveEvent(QEvent* event) {
  hovered_ = -1;
  update();
  tellPointer(std::nullopt);
  QWidget::leaveEvent(event);
}

void PhotoView::hover(QPointF at) {
  const int box = hasPhoto() && !onDivider(at) ? boxAt(at) : -1;
  if (box == hovered_) return;
  hovered_ = box;
  update();
}

void PhotoView::tellPointer(std::optional<QPointF> at) {
  std::optional<QPointF> place;
  if (at && hasPhoto()) {
    const QPointF there = geometry_.toPhoto(*at);
    if (QRectF({0, 0}, geometry_.photo()).contains(there)) place = there;
  }
  Q_EMIT pointerMoved(place);
}

bool PhotoView::onDivider(QPointF at) const {
  return split_ && hasPhoto() && std::abs(at.x() - dividerX()) <= kDividerReach;
}

void PhotoView::updateCursor(QPointF at) {
  if (hold_ == Hold::kDivider || (hold_ == Hold::kNothing && onDivider(at)))
    return setCursor(Qt::SplitHCursor);
  const bool roomy = hasPhoto() && !geometry_.isFit();
  if (hold_ == Hold::kPhoto && dragged_ && roomy) return setCursor(Qt::ClosedHandCursor);
  if (hovered_ >= 0) return setCursor(Qt::PointingHandCursor);
  if (roomy) return setCursor(Qt::OpenHandCursor);
  unsetCursor();
}

// Keys ------------------------------------------------------------------------------------------

void PhotoView::keyPressEvent(QKeyEvent* event) {
  const bool plain = (event->modifiers() & (Qt::AltModifier | Qt::MetaModifier)) == 0;
  const bool control = (event->modifiers() & Qt::ControlModifier) != 0;
  if (plain && hasPhoto() &&
      (moveKey(*event) || zoomKey(event->key()) || (!control && boxKey(event->key()))))
    return event->accept();
  // What has no use here may have one for whoever holds the view.
  QWidget::keyPressEvent(event);
}

bool PhotoView::zoomKey(int key) {
  switch (key) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      zoomIn();
      return true;
    case Qt::Key_Minus:
      zoomOut();
      return true;
    case Qt::Key_0:
      fit();
      return true;
    case Qt::Key_1:
      actualSize();
      return true;
    default:
      return false;
  }
}

bool PhotoView::boxKey(int key) {
  switch (key) {
    case Qt::Key_N:
    case Qt::Key_Period:
      nextDetection();
      return true;
    case Qt::Key_P:
    case Qt::Key_Comma:
      previousDetection();
      return true;
    case Qt::Key_Escape:
      if (selected_ < 0) return false;
      select(-1);
      return true;
    default:
      return false;
  }
}

bool PhotoView::moveKey(const QKeyEvent& event) {
  QPointF by;
  if (event.key() == Qt::Key_Left) by = {kArrow, 0};
  if (event.key() == Qt::Key_Right) by = {-kArrow, 0};
  if (event.key() == Qt::Key_Up) by = {0, kArrow};
  if (event.key() == Qt::Key_Down) by = {0, -kArrow};
  if (by.isNull()) return false;
  if ((event.modifiers() & Qt::ControlModifier) != 0) {
    if (!split_ || by.x() == 0) return false;
    setSplitAt(splitAt_ + (by.x() > 0 ? -kDividerStep : kDividerStep));
    return true;
  }
  if (geometry_.isFit()) return false;
  if (geometry_.pan(by)) refreshView();
  return true;
}

}  // namespace inkling
