// The keyboard shortcuts, to be looked up and changed.
#pragma once

#include <QDialog>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QTableWidget>

#include "ui/window/window_actions.h"

namespace inkling {

class ShortcutsDialog : public QDialog {
  Q_OBJECT

 public:
  /// `actions` outlives the dialog. Changes act at once.
  explicit ShortcutsDialog(WindowActions& actions, QWidget* parent = nullptr);

  /// Gives `act` the keys; false, with a message in the dialog, when another action has them.
  bool assign(Act act, const QKeySequence& keys);
  QString message() const { return message_->text(); }

 private:
  void fill();
  void filter(const QString& text);
  void showCurrent();

  WindowActions& actions_;
  QLineEdit* search_;
  QTableWidget* table_;
  QKeySequenceEdit* keys_;
  QLabel* message_;
};

}  // namespace inkling
