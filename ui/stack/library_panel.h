// The library of drawings in the window: a search field and a grid of thumbnails. Enter or a double
// click takes a drawing into the query; it can also be dragged onto the canvas.
#pragma once

#include <QLineEdit>
#include <QListView>
#include <QSortFilterProxyModel>
#include <QToolButton>
#include <QWidget>

#include "ui/stack/sketch_library.h"

namespace inkling {

class LibraryPanel : public QWidget {
  Q_OBJECT

 public:
  /// `library` outlives the panel.
  explicit LibraryPanel(SketchLibrary& library, QWidget* parent = nullptr);

  QLineEdit* searchField() const { return search_; }
  QListView* grid() const { return grid_; }

 Q_SIGNALS:
  void chosen(const inkling::Sketch& sketch, const QString& name);
  void failed(const QString& reason);
  void closeRequested();

 protected:
  void changeEvent(QEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void choose(const QModelIndex& shown);
  void removeCurrent();
  void retranslate();

  SketchLibrary& library_;
  QSortFilterProxyModel shown_;
  QLineEdit* search_;
  QListView* grid_;
  QToolButton *close_, *remove_;
};

}  // namespace inkling
