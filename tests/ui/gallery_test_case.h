// A shown gallery for tests, and what a person does with it.
#pragma once

#include <QScrollBar>
#include <QTest>
#include <QWheelEvent>

#include "gallery_fixtures.h"
#include "ui/gallery/gallery_panel.h"
#include "ui/theme/theme.h"

namespace inkling {

class GalleryTestCase : public QObject {
 protected:
  bool showGallery() {
    applyTheme(Theme::kLight);
    model_ = new PhotoModel;
    panel_ = new GalleryPanel(*model_);
    panel_->resize(640, 560);
    panel_->show();
    panel_->activateWindow();
    return QTest::qWaitForWindowActive(panel_);
  }
  void removeGallery() {
    delete panel_;
    delete model_;
  }
  PhotoGrid& grid() const { return panel_->grid(); }
  QScrollBar* bar() const { return grid().verticalScrollBar(); }
  template <typename Widget>
  Widget* child() const {
    return panel_->findChild<Widget*>();
  }
  void open(PhotoPaths photos) {
    panel_->setSourceName(QStringLiteral("photos"));
    model_->setPhotos(std::move(photos));
    QCoreApplication::processEvents();
  }
  QString count() const { return child<GalleryHeader>()->count(); }
  QPoint centreOf(int row) const { return grid().visualRect(model_->index(row)).center(); }
  void click(int row) { QTest::mouseClick(grid().viewport(), Qt::LeftButton, {}, centreOf(row)); }
  int columnsNow() const {
    int columns = 1;
    while (centreOf(columns).y() == centreOf(0).y()) ++columns;
    return columns;
  }
  void wheel(int delta, Qt::KeyboardModifiers modifiers = {}) {
    const QPointF at = grid().viewport()->rect().center();
    QWheelEvent event(at, grid().viewport()->mapToGlobal(at), {}, {0, delta}, {}, modifiers,
                      Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(grid().viewport(), &event);
  }
  int pixelsOf(const QColor& colour) const {
    const QImage image = grid().viewport()->grab().toImage();
    int found = 0;
    for (int y = 0; y < image.height(); ++y) {
      for (int x = 0; x < image.width(); ++x) found += image.pixelColor(x, y) == colour ? 1 : 0;
    }
    return found;
  }
  static PhotoMatch match(float score) { return {score, {{{0, 0, 10, 10}, score}}}; }

  PhotoModel* model_ = nullptr;
  GalleryPanel* panel_ = nullptr;
};

}  // namespace inkling
