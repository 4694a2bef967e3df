#include "ui/gallery/photo_grid.h"

#include <QAccessible>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>

#include "core/base/path.h"

namespace inkling {
namespace {

constexpr int kSoon = 50;        // ms, gathers what one movement of the wheel brings
constexpr int kScrollStep = 30;  // pixels; a notch of the wheel is three of them

}  // namespace

PhotoGrid::PhotoGrid(PhotoModel& model, QWidget* parent)
    : QAbstractItemView(parent), photos_(model) {
  setSelectionMode(SingleSelection);
  setVerticalScrollMode(ScrollPerPixel);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
  setEditTriggers(NoEditTriggers);
  setFrameShape(NoFrame);
  setMouseTracking(true);
  viewport()->setBackgroundRole(QPalette::Window);
  setAccessibleName(tr("Photos"));
  soon_.setSingleShot(true);
  soon_.setInterval(kSoon);
  connect(&soon_, &QTimer::timeout, this, &PhotoGrid::tellVisible);
  connect(&thumbnails_, &ThumbnailStore::ready, this, &PhotoGrid::updatePhoto);
  connect(&thumbnails_, &ThumbnailStore::failed, this, &PhotoGrid::tellFailures);
  setModel(&model);
}

void PhotoGrid::setModel(QAbstractItemModel* model) {
  QAbstractItemView::setModel(model);
  // While rows are moved by the model, the selection model may tell of other current rows.
  connect(model, &QAbstractItemModel::layoutAboutToBeChanged, this, [this] { syncing_ = true; });
  connect(model, &QAbstractItemModel::layoutChanged, this, &PhotoGrid::showCurrent);
  connect(model, &QAbstractItemModel::modelAboutToBeReset, this, [this] { syncing_ = true; });
  connect(model, &QAbstractItemModel::modelReset, this, &PhotoGrid::findCurrentAgain);
}

void PhotoGrid::setThumbnailSide(int side) {
  side = std::clamp(side, kLeastSide, kMostSide);
  if (side == side_) return;
  // What is in the middle stays there.
  const GridGeometry before = geometryNow();
  const int middle = std::max(0, before
                                     .between(verticalOffset() + viewport()->height() / 2,
                                              verticalOffset() + viewport()->height() / 2 + 1)
                                     .first);
  side_ = side;
  doItemsLayout();
  if (before.count > 0)
    scrollTo(photos_.index(std::min(middle, before.count - 1)), PositionAtCenter);
  Q_EMIT thumbnailSideChanged(side_);
}

// Places ------------------------------------------------------------------------------------------

GridGeometry PhotoGrid::geometryNow() const {
  return {viewport()->width(), photos_.rowCount(), PhotoCard::sizeFor(side_, fontMetrics())};
}

GridGeometry::Range PhotoGrid::rowsInSight() const {
  return geometryNow().between(verticalOffset(), verticalOffset() + viewport()->height());
}

int PhotoGrid::verticalOffset() const { return verticalScrollBar()->value(); }

QRect PhotoGrid::visualRect(const QModelIndex& index) const {
  if (!index.isValid()) return {};
  return geometryNow().rectOf(index.row()).translated(0, -verticalOffset());
}

QModelIndex PhotoGrid::indexAt(const QPoint& point) const {
  const int row = geometryNow().indexAt(point + QPoint(0, verticalOffset()));
  return row < 0 ? QModelIndex() : photos_.index(row);
}

void PhotoGrid::scrollTo(const QModelIndex& index, ScrollHint hint) {
  if (!index.isValid()) return;
  const GridGeometry geometry = geometryNow();
  const QRect cell = geometry.rectOf(index.row());
  const int height = viewport()->height(), top = verticalOffset();
  const int start = cell.top() - geometry.gap, end = cell.bottom() + 1 + geometry.gap;
  QScrollBar* bar = verticalScrollBar();
  if (hint == PositionAtCenter) {
    bar->setValue(cell.center().y() - height / 2);
  } else if (hint == PositionAtTop || (hint == EnsureVisible && start < top)) {
    bar->setValue(start);
  } else if (hint == PositionAtBottom || (hint == EnsureVisible && end > top + height)) {
    bar->setValue(end - height);
  }
}

void PhotoGrid::updateGeometries() {
  const GridGeometry geometry = geometryNow();
  const int height = viewport()->height();
  verticalScrollBar()->setSingleStep(kScrollStep);
  verticalScrollBar()->setPageStep(height);
  verticalScrollBar()->setRange(0, std::max(0, geometry.contentHeight() - height));
  QAbstractItemView::updateGeometries();
}

void PhotoGrid::doItemsLayout() {
  QAbstractItemView::doItemsLayout();
  viewport()->update();
  soon();
}

void PhotoGrid::scrollContentsBy(int, int dy) {
  viewport()->scroll(0, dy);
  hover(indexAt(viewport()->mapFromGlobal(QCursor::pos())).row());
  soon();
}

void PhotoGrid::resizeEvent(QResizeEvent* event) {
  QAbstractItemView::resizeEvent(event);
  soon();
}

// The current photo -------------------------------------------------------------------------------

void PhotoGrid::setCurrent(std::optional<std::size_t> photo) {
  if (photo == current_) return;
  current_ = photo;
  currentPath_ = photo ? photos_.path(*photo) : std::filesystem::path();
  describeCurrent();
  QAccessibleEvent spoken(this, QAccessible::DescriptionChanged);
  QAccessible::updateAccessibility(&spoken);
  Q_EMIT currentPhotoChanged(current_);
}

void PhotoGrid::describeCurrent() {
  const QModelIndex index = current_ ? photos_.indexOf(*current_) : QModelIndex();
  setAccessibleDescription(index.data(Qt::AccessibleTextRole).toString());
}

void PhotoGrid::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    setAccessibleName(tr("Photos"));
    describeCurrent();
    viewport()->update();
  }
  QAbstractItemView::changeEvent(event);
}

void PhotoGrid::currentChanged(const QModelIndex& now, const QModelIndex& before) {
  QAbstractItemView::currentChanged(now, before);
  if (!syncing_ && now.isValid()) setCurrent(photos_.photoAt(now));
}

// After rows moved: the selection follows the photo.
void PhotoGrid::showCurrent() {
  syncing_ = true;
  const QModelIndex index = current_ ? photos_.indexOf(*current_) : QModelIndex();
  if (index.isValid() && index != currentIndex()) {
    selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect);
  } else if (!index.isValid()) {
    selectionModel()->clear();
  }
  syncing_ = false;
  hovered_ = -1;
  soon();
}

// After other photos were set: its number may be another, or it is gone.
void PhotoGrid::findCurrentAgain() {
  const std::optional<std::size_t> before = current_;
  if (current_) {
    current_.reset();
    for (std::size_t photo = 0; photo < photos_.photoCount() && !current_; ++photo) {
      if (photos_.path(photo).native() == currentPath_.native()) current_ = photo;
    }
  }
  showCurrent();
  visible_.clear();  // the same numbers may be other photos
  if (current_ == before) return;
  if (!current_) currentPath_.clear();
  Q_EMIT currentPhotoChanged(current_);
}

void PhotoGrid::selectPhoto(std::size_t photo) {
  if (photo >= photos_.photoCount()) return;
  setCurrent(photo);
  showCurrent();
  scrollTo(photos_.indexOf(photo));
}

bool PhotoGrid::step(int by) {
  const int rows = photos_.rowCount();
  const QModelIndex now = current_ ? photos_.indexOf(*current_) : QModelIndex();
  const int next = now.isValid() ? now.row() + by : by > 0 ? 0 : rows - 1;
  if (next < 0 || next >= rows) return false;
  setCurrentIndex(photos_.index(next));
  return true;
}

QModelIndex PhotoGrid::moveCursor(CursorAction action, Qt::KeyboardModifiers) {
  const GridGeometry geometry = geometryNow();
  if (geometry.count == 0) return {};
  const int columns = geometry.columns();
  const int page = std::max(1, viewport()->height() / geometry.pitch()) * columns;
  int row = currentIndex().row();
  if (row < 0) {
    row = rowsInSight().first;
    return photos_.index(action == MoveEnd ? geometry.count - 1 : action == MoveHome ? 0 : row);
  }
  const auto moved = [&](int by) {
    // A movement by whole rows keeps its column, and stops where there is no such cell.
    return row + by < 0 || row + by >= geometry.count ? row : row + by;
  };
  switch (action) {
    case MoveLeft:
    case MovePrevious:
      return photos_.index(moved(-1));
    case MoveRight:
    case MoveNext:
      return photos_.index(moved(1));
    case MoveUp:
      return photos_.index(moved(-columns));
    case MoveDown: {
      // From above the gap at the end of the last row: to the last photo.
      const bool lastRow = row / columns == geometry.rows() - 1;
      return photos_.index(lastRow ? row : std::min(row + columns, geometry.count - 1));
    }
    case MovePageUp:
      return photos_.index(std::max(row - page, row % columns));
    case MovePageDown:
      return photos_.index(std::min(row + page, geometry.count - 1));
    case MoveHome:
      return photos_.index(0);
    case MoveEnd:
      return photos_.index(geometry.count - 1);
  }
  return {};
}

void PhotoGrid::setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags command) {
  const QModelIndex index = indexAt(rect.center());
  if (index.isValid()) selectionModel()->select(index, command);
}

QRegion PhotoGrid::visualRegionForSelection(const QItemSelection& selection) const {
  QRegion region;
  const GridGeometry::Range sight = rowsInSight();
  for (int row = sight.first; row < sight.last; ++row) {
    if (selection.contains(photos_.index(row))) region += visualRect(photos_.index(row));
  }
  return region;
}

// What is in sight --------------------------------------------------------------------------------

void PhotoGrid::soon() {
  if (!soon_.isActive()) soon_.start();
}

std::vector<std::size_t> PhotoGrid::visiblePhotos() const {
  std::vector<std::size_t> photos;
  const GridGeometry::Range sight = rowsInSight();
  for (int row = sight.first; row < sight.last; ++row)
    photos.push_back(photos_.photoAt(photos_.index(row)));
  return photos;
}

void PhotoGrid::tellVisible() {
  if (!isVisible()) return;
  const int side = qRound(side_ * devicePixelRatioF());
  std::vector<std::size_t> photos = visiblePhotos();
  thumbnails_.setSide(side);
  requestThumbnails(rowsInSight());
  tellFailures();
  if (photos == visible_) return;
  visible_ = std::move(photos);
  Q_EMIT visibleChanged(visible_);
}

void PhotoGrid::requestThumbnails(GridGeometry::Range sight) {
  const GridGeometry geometry = geometryNow();
  const GridGeometry::Range ahead = geometry.between(verticalOffset() + viewport()->height(),
                                                     verticalOffset() + 2 * viewport()->height());
  std::vector<std::filesystem::path> wanted;
  for (int row = sight.first; row < std::max(sight.last, ahead.last); ++row)
    wanted.push_back(photos_.path(photos_.photoAt(photos_.index(row))));
  thumbnails_.request(wanted);
}

void PhotoGrid::updatePhoto(const std::filesystem::path& path) {
  const GridGeometry::Range sight = rowsInSight();
  for (int row = sight.first; row < sight.last; ++row) {
    const QModelIndex index = photos_.index(row);
    if (photos_.path(photos_.photoAt(index)) == path) viewport()->update(visualRect(index));
  }
}

// What cannot be shown is told to the model, so that it is said wherever the photo is spoken of.
void PhotoGrid::tellFailures() {
  for (const std::size_t photo : visiblePhotos()) {
    const QString reason = thumbnails_.failure(photos_.path(photo));
    if (!reason.isEmpty() && photos_.error(photo).isEmpty()) photos_.setError(photo, reason);
  }
}

void PhotoGrid::dataChanged(const QModelIndex& from, const QModelIndex& to, const QList<int>&) {
  // The base class walks through its editors and, for one row, asks for its place; here the place
  // costs nothing.
  if (from == to) {
    viewport()->update(visualRect(from));
  } else {
    viewport()->update();
  }
}

}  // namespace inkling
