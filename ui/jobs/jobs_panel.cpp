#include "ui/jobs/jobs_panel.h"

#include <QEvent>
#include <QScrollArea>
#include <algorithm>

namespace inkling {

JobsPanel::JobsPanel(QWidget* parent) : QWidget(parent), empty_(new QLabel) {
  auto* inside = new QWidget;
  column_ = new QVBoxLayout(inside);
  column_->setContentsMargins(6, 6, 6, 6);
  column_->addWidget(empty_);
  column_->addStretch();
  empty_->setAlignment(Qt::AlignCenter);
  empty_->setEnabled(false);
  auto* scroll = new QScrollArea(this);
  scroll->setWidget(inside);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->addWidget(scroll);
  retranslate();
}

Job* JobsPanel::add(const QString& title) {
  auto* job = new Job(title, this);
  auto* card = new JobCard(*job, this);
  column_->insertWidget(0, card);
  card->show();
  cards_.insert(cards_.begin(), card);
  empty_->hide();
  connect(card, &JobCard::dismissed, this, [this, card] { remove(card); });
  connect(job, &Job::changed, this, &JobsPanel::changed);
  Q_EMIT changed();
  return job;
}

void JobsPanel::remove(JobCard* card) {
  std::erase(cards_, card);
  Job* job = &card->job();
  card->deleteLater();
  job->deleteLater();
  empty_->setVisible(cards_.empty());
  Q_EMIT changed();
}

int JobsPanel::activeCount() const {
  return static_cast<int>(std::count_if(
      cards_.begin(), cards_.end(), [](const JobCard* card) { return card->job().isActive(); }));
}

QString JobsPanel::summary() const {
  for (const JobCard* card : cards_) {
    const Job& job = card->job();
    if (!job.isActive()) continue;
    const QString text = tr("%1: %2 of %3")
                             .arg(job.title())
                             .arg(static_cast<qulonglong>(job.done()))
                             .arg(static_cast<qulonglong>(job.total()));
    const QString pace = job.state() == Job::State::kPaused ? tr("paused") : job.pace();
    return pace.isEmpty() ? text : tr("%1 (%2)").arg(text, pace);
  }
  return {};
}

void JobsPanel::retranslate() {
  empty_->setText(tr("Nothing is being done at the moment."));
  setAccessibleName(tr("Jobs"));
}

void JobsPanel::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

}  // namespace inkling
