// The photos as a grid of cards. Only what is in sight costs anything: cells are placed by
// arithmetic, thumbnails are made for the rows in sight and one screen ahead.
//
// The current photo stays the same photo when rows are sorted anew, hidden (it is current again
// when it comes back) or listed again.
#pragma once

#include <QAbstractItemView>
#include <QTimer>
#include <filesystem>
#include <optional>
#include <vector>

#include "ui/gallery/grid_geometry.h"
#include "ui/gallery/photo_card.h"
#include "ui/gallery/photo_model.h"
#include "ui/gallery/thumbnail_store.h"

namespace inkling {

class PhotoGrid : public QAbstractItemView {
  Q_OBJECT

 public:
  static constexpr int kLeastSide = 96, kMostSide = 320, kSideStep = 16;

  /// `model` outlives the grid.
  explicit PhotoGrid(PhotoModel& model, QWidget* parent = nullptr);

  /// Longest side of the thumbnails, in logical pixels; clamped.
  int thumbnailSide() const { return side_; }
  void setThumbnailSide(int side);

  /// As in PhotoModel: its number. It may be hidden just now.
  std::optional<std::size_t> currentPhoto() const { return current_; }
  /// Makes it current and scrolls to it, if it is shown.
  void selectPhoto(std::size_t photo);
  /// The photo after (+1) or before (-1) the current one, as they are shown; false at the end.
  bool step(int by);

  /// Photos in sight, in the order of the screen.
  std::vector<std::size_t> visiblePhotos() const;
  ThumbnailStore& thumbnails() { return thumbnails_; }

  QRect visualRect(const QModelIndex& index) const override;
  void scrollTo(const QModelIndex& index, ScrollHint hint = EnsureVisible) override;
  QModelIndex indexAt(const QPoint& point) const override;
  void setModel(QAbstractItemModel* model) override;
  void doItemsLayout() override;
  /// Typing finds nothing: going through 100,000 names takes longer than a frame.
  void keyboardSearch(const QString&) override {}

 Q_SIGNALS:
  void currentPhotoChanged(std::optional<std::size_t> photo);
  /// Enter or a double click.
  void opened(std::size_t photo);
  /// Other photos are in sight; at most every 50 ms.
  void visibleChanged(const std::vector<std::size_t>& photos);
  void thumbnailSideChanged(int side);

 protected:
  int horizontalOffset() const override { return 0; }
  int verticalOffset() const override;
  bool isIndexHidden(const QModelIndex&) const override { return false; }
  QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
  void setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags command) override;
  QRegion visualRegionForSelection(const QItemSelection& selection) const override;
  void currentChanged(const QModelIndex& now, const QModelIndex& before) override;
  void dataChanged(const QModelIndex& from, const QModelIndex& to,
                   const QList<int>& roles) override;
  void updateGeometries() override;
  void scrollContentsBy(int dx, int dy) override;

  bool event(QEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool viewportEvent(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;

 private:
  GridGeometry geometryNow() const;
  GridGeometry::Range rowsInSight() const;
  PhotoCard cardOf(int row) const;
  void setCurrent(std::optional<std::size_t> photo);
  void describeCurrent();
  void showCurrent();
  void findCurrentAgain();
  void hover(int row);
  void soon();
  void tellVisible();
  void requestThumbnails(GridGeometry::Range sight);
  void updatePhoto(const std::filesystem::path& path);
  void tellFailures();

  PhotoModel& photos_;
  ThumbnailStore thumbnails_;
  int side_ = 160;
  std::optional<std::size_t> current_;
  std::filesystem::path currentPath_;
  bool syncing_ = false;  ///< the model moves rows; nobody chose another photo
  int hovered_ = -1;
  QTimer soon_;
  std::vector<std::size_t> visible_;
};

}  // namespace inkling
