// The painting and the events of the grid.
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>
#include <cmath>

#include "ui/gallery/photo_grid.h"
#include "ui/paths/paths.h"

namespace inkling {

PhotoCard PhotoGrid::cardOf(int row) const {
  const QModelIndex index = photos_.index(row);
  const std::size_t photo = photos_.photoAt(index);
  PhotoCard card;
  card.name = shownName(photos_.path(photo).filename());
  if (const auto thumbnail = thumbnails_.thumbnail(photos_.path(photo))) {
    card.thumbnail = thumbnail->image;
    card.full = thumbnail->full;
  }
  if (const std::optional<PhotoMatch>& match = photos_.match(photo)) {
    card.score = match->score;
    if (match->photo != Size{}) card.full = {match->photo.width, match->photo.height};
    card.boxes = std::span(match->boxes).first(photos_.boxesShown(photo));
  }
  card.broken =
      !photos_.error(photo).isEmpty() || !thumbnails_.failure(photos_.path(photo)).isEmpty();
  card.current = current_ == photo;
  card.focused = hasFocus();
  card.hovered = row == hovered_;
  return card;
}

void PhotoGrid::paintEvent(QPaintEvent* event) {
  QPainter painter(viewport());
  const GridGeometry geometry = geometryNow();
  const QRect dirty = event->rect().translated(0, verticalOffset());
  const GridGeometry::Range rows = geometry.between(dirty.top(), dirty.bottom() + 1);
  for (int row = rows.first; row < rows.last; ++row) {
    const QRect cell = geometry.rectOf(row);
    if (!cell.intersects(dirty)) continue;
    cardOf(row).paint(painter, cell.translated(0, -verticalOffset()), palette());
  }
}

void PhotoGrid::hover(int row) {
  if (row == hovered_) return;
  for (const int changed : {hovered_, row}) {
    if (changed >= 0 && changed < photos_.rowCount())
      viewport()->update(visualRect(photos_.index(changed)));
  }
  hovered_ = row;
}

bool PhotoGrid::event(QEvent* event) {
  if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
    scheduleDelayedItemsLayout();
  if (event->type() == QEvent::Show) soon();
  return QAbstractItemView::event(event);
}

bool PhotoGrid::viewportEvent(QEvent* event) {
  switch (event->type()) {
    case QEvent::HoverMove:
    case QEvent::HoverEnter:
      hover(indexAt(static_cast<QHoverEvent*>(event)->position().toPoint()).row());
      break;
    case QEvent::HoverLeave:
    case QEvent::Leave:
      hover(-1);
      break;
    case QEvent::ToolTip: {
      const auto* help = static_cast<QHelpEvent*>(event);
      const QModelIndex index = indexAt(help->pos());
      if (!index.isValid()) return QToolTip::hideText(), true;
      const QString failure = thumbnails_.failure(photos_.path(photos_.photoAt(index)));
      const QString text = index.data(Qt::ToolTipRole).toString();
      QToolTip::showText(help->globalPos(), failure.isEmpty() ? text : failure, viewport(),
                         visualRect(index));
      return true;
    }
    default:
      break;
  }
  return QAbstractItemView::viewportEvent(event);
}

void PhotoGrid::wheelEvent(QWheelEvent* event) {
  if (event->modifiers() != Qt::ControlModifier) return QAbstractItemView::wheelEvent(event);
  const int notches = static_cast<int>(std::lround(event->angleDelta().y() / 120.0));
  setThumbnailSide(side_ + notches * kSideStep);
  event->accept();
}

void PhotoGrid::keyPressEvent(QKeyEvent* event) {
  if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && current_) {
    Q_EMIT opened(*current_);
  } else if (event->matches(QKeySequence::ZoomIn)) {
    setThumbnailSide(side_ + kSideStep);
  } else if (event->matches(QKeySequence::ZoomOut)) {
    setThumbnailSide(side_ - kSideStep);
  } else {
    QAbstractItemView::keyPressEvent(event);
  }
}

// The base class would make the first photo current, which nobody chose.
void PhotoGrid::focusInEvent(QFocusEvent* event) {
  QAbstractScrollArea::focusInEvent(event);
  viewport()->update();
}

// The base class would select whatever the pressed mouse passes over.
void PhotoGrid::mouseMoveEvent(QMouseEvent* event) { event->accept(); }

void PhotoGrid::mouseDoubleClickEvent(QMouseEvent* event) {
  const QModelIndex index = indexAt(event->position().toPoint());
  if (event->button() != Qt::LeftButton || !index.isValid()) return;
  setCurrentIndex(index);
  Q_EMIT opened(photos_.photoAt(index));
}

}  // namespace inkling
