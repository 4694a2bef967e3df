// The list of jobs in the window, the newest on top.
#pragma once

#include <QLabel>
#include <QVBoxLayout>
#include <QWidget>
#include <memory>
#include <vector>

#include "ui/jobs/job_card.h"

namespace inkling {

class JobsPanel : public QWidget {
  Q_OBJECT

 public:
  explicit JobsPanel(QWidget* parent = nullptr);

  /// A job that stays in the list until a person removes it. The panel owns it.
  Job* add(const QString& title);
  /// Jobs that run or pause.
  int activeCount() const;
  const std::vector<JobCard*>& cards() const { return cards_; }
  /// One line for the status bar: the job that runs, or nothing.
  QString summary() const;

 Q_SIGNALS:
  void changed();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void remove(JobCard* card);
  void retranslate();

  QVBoxLayout* column_;
  QLabel* empty_;
  std::vector<JobCard*> cards_;
};

}  // namespace inkling
