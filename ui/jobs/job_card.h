// One job in the panel: title, the bar of the photo in hand, the bar of the whole, pause, cancel,
// the failures with their reasons, and what can be done with the outcome.
#pragma once

#include <QFrame>
#include <QLabel>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QTimer>
#include <QToolButton>

#include "ui/jobs/job.h"

namespace inkling {

class JobCard : public QFrame {
  Q_OBJECT

 public:
  /// `job` outlives the card.
  explicit JobCard(Job& job, QWidget* parent = nullptr);

  Job& job() const { return job_; }

 Q_SIGNALS:
  /// A finished job is to be forgotten.
  void dismissed();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void showJob();
  void showFailures();
  void showFailuresSoon();
  QString stateText() const;

  Job& job_;
  QLabel *title_, *state_;
  QProgressBar *inHand_, *whole_;
  QToolButton *pause_, *cancel_, *problems_;
  QPushButton* offer_;
  QPlainTextEdit* list_;
  QTimer failuresSoon_;
};

}  // namespace inkling
