// Asks what is to be exported and how, shows what would be written, and says what is in the out
// folder already. Whoever opens it does the work:
//
//   auto* dialog = new ExportDialog(sources, order, model, window);
//   connect(dialog, &ExportDialog::startRequested, ...);    // setStarting(true); runner.start(...)
//   dialog->refuse(reason);                                  // it cannot begin; the dialog stays
//   dialog->accept();                                        // it has begun
#pragma once

#include <QDialog>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QTimer>

#include "ui/export/export_form.h"
#include "ui/export/preview_pane.h"

namespace inkling {

class ExportDialog : public QDialog {
  Q_OBJECT

 public:
  /// ms without a change after which the preview is made.
  static constexpr int kPause = 150;
  /// While there is no example, ms between two looks for one.
  static constexpr int kExampleEvery = 1000;

  /// See ExportForm. `model` outlives the dialog.
  ExportDialog(const std::vector<ExportSource>& sources, const ExportOrder& order,
               const PhotoModel& model, QWidget* parent = nullptr);

  QVariantMap state() const;
  void restore(const QVariantMap& state);

  /// Between startRequested() and its outcome nothing can be changed.
  void setStarting(bool starting);
  /// It could not begin; what is in the out folder is looked at again.
  void refuse(const QString& reason);

  // For tests.
  ExportForm& form() { return *form_; }
  PreviewPane& preview() { return *pane_; }
  QString message() const { return message_->text(); }
  QPushButton* startButton() const { return start_; }
  QPushButton* anewButton() const { return anew_; }
  /// The preview is of what is chosen now.
  bool isSettled() const { return settled_; }

 Q_SIGNALS:
  void startRequested(const inkling::ExportOrder& order, bool resume, bool force);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void layOut();
  void formChanged();
  void ask();
  void lookForExample();
  void take(const ExportPreview& preview);
  void showPlace();
  void tell(const QString& text, bool isProblem);
  void start(bool anew);

  const PhotoModel& model_;
  ExportForm* form_;
  PreviewPane* pane_;
  QLabel *icon_, *message_;
  QDialogButtonBox* buttons_;
  QPushButton* start_;
  QPushButton* anew_ = nullptr;  ///< the last that is made
  PreviewMaker maker_;
  QTimer pause_, examples_;
  ExportPlace place_;  ///< of the newest preview that came to its end
  bool hasExample_ = false;
  bool settled_ = false, starting_ = false, placeChanged_ = false, problem_ = false;
  QString refusal_;  ///< stays in sight until something is changed
};

}  // namespace inkling
