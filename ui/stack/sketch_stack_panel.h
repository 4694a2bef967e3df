// The stack of drawings in the window: the list, buttons to add, copy, remove and move, and what
// the current drawing is for and how much it counts.
#pragma once

#include <QListView>
#include <QSlider>
#include <QToolButton>
#include <QWidget>

#include "ui/stack/sketch_stack.h"

namespace inkling {

class SketchStackPanel : public QWidget {
  Q_OBJECT

 public:
  /// `stack` outlives the panel.
  explicit SketchStackPanel(SketchStack& stack, QWidget* parent = nullptr);

  int currentRow() const;
  void setCurrentRow(int row);
  QListView* list() const { return list_; }

  /// A new blank drawing, which becomes the current one.
  void addBlank();
  /// A drawing from elsewhere: into the current one if that is blank, else a new one.
  void take(const Sketch& sketch, const QString& name);
  void duplicateCurrent();
  void removeCurrent();
  /// By one row.
  void moveCurrent(int by);

 Q_SIGNALS:
  void currentRowChanged(int row);
  /// The stack holds no more drawings.
  void refused(const QString& reason);
  /// The current drawing should be kept in the library; the library should be shown.
  void saveRequested(int row);
  void libraryRequested();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  QWidget* makeButtons();
  QWidget* makeInspector();
  void retranslate();
  void showCurrent();
  void rowAdded(int row);

  SketchStack& stack_;
  QListView* list_;
  QToolButton *add_, *library_, *duplicate_, *remove_, *up_, *down_, *save_, *find_, *not_;
  QSlider* weight_;
  bool showing_ = false;  ///< the controls are set by the program, not by a person
};

}  // namespace inkling
