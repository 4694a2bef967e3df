#include "ui/jobs/job_card.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLocale>
#include <algorithm>

#include "ui/theme/icons.h"

namespace inkling {
namespace {

constexpr int kSteps = 1000;         // of a bar
constexpr int kFailuresEvery = 200;  // ms

QString grouped(std::size_t count) { return QLocale().toString(static_cast<qulonglong>(count)); }

}  // namespace

JobCard::JobCard(Job& job, QWidget* parent)
    : QFrame(parent),
      job_(job),
      title_(new QLabel(this)),
      state_(new QLabel(this)),
      inHand_(new QProgressBar(this)),
      whole_(new QProgressBar(this)),
      pause_(new QToolButton(this)),
      cancel_(new QToolButton(this)),
      problems_(new QToolButton(this)),
      offer_(new QPushButton(this)),
      list_(new QPlainTextEdit(this)) {
  setFrameShape(QFrame::StyledPanel);
  QFont bold = title_->font();
  bold.setBold(true);
  title_->setFont(bold);
  for (QProgressBar* bar : {inHand_, whole_}) {
    bar->setRange(0, kSteps);
    bar->setMinimumWidth(180);
  }
  for (QToolButton* button : {pause_, cancel_}) button->setIconSize({18, 18});
  problems_->setCheckable(true);
  problems_->setIcon(themedIcon(QStringLiteral("warning")));
  problems_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  list_->setReadOnly(true);
  list_->setMaximumHeight(120);
  list_->hide();

  auto* top = new QHBoxLayout;
  top->addWidget(title_);
  top->addWidget(state_, 1);
  top->addWidget(offer_);
  top->addWidget(problems_);
  top->addWidget(pause_);
  top->addWidget(cancel_);
  auto* bars = new QHBoxLayout;
  bars->addWidget(inHand_, 1);
  bars->addWidget(whole_, 2);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(10, 6, 6, 8);
  column->setSpacing(4);
  column->addLayout(top);
  column->addLayout(bars);
  column->addWidget(list_);

  connect(pause_, &QToolButton::clicked, this,
          [this] { job_.requestPause(job_.state() == Job::State::kRunning); });
  connect(cancel_, &QToolButton::clicked, this, [this] {
    if (job_.isActive())
      job_.requestCancel();
    else
      Q_EMIT dismissed();
  });
  connect(offer_, &QPushButton::clicked, &job_, &Job::takeOffer);
  connect(problems_, &QToolButton::toggled, list_, &QWidget::setVisible);
  connect(problems_, &QToolButton::toggled, this, &JobCard::showFailures);
  connect(&job_, &Job::changed, this, &JobCard::showJob);
  connect(&job_, &Job::failuresChanged, this, &JobCard::showFailuresSoon);
  failuresSoon_.setSingleShot(true);
  failuresSoon_.setInterval(kFailuresEvery);
  connect(&failuresSoon_, &QTimer::timeout, this, &JobCard::showFailures);
  showJob();
}

QString JobCard::stateText() const {
  switch (job_.state()) {
    case Job::State::kRunning:
      return job_.pace();
    case Job::State::kPaused:
      return tr("paused");
    case Job::State::kCancelled:
      return job_.outcome().isEmpty() ? tr("cancelled; what was done is kept") : job_.outcome();
    case Job::State::kFailed:
      return job_.outcome();
    case Job::State::kDone:
      return job_.outcome().isEmpty() ? tr("done") : job_.outcome();
  }
  return {};
}

void JobCard::showJob() {
  title_->setText(job_.title());
  state_->setText(stateText());
  state_->setToolTip(state_->text());
  const bool active = job_.isActive();
  inHand_->setVisible(active);
  inHand_->setValue(static_cast<int>(job_.inHandShare() * kSteps));
  inHand_->setFormat(job_.inHand().isEmpty()
                         ? QString()
                         : inHand_->fontMetrics().elidedText(job_.inHand(), Qt::ElideMiddle,
                                                             inHand_->width() - 12));
  inHand_->setAccessibleName(tr("Photo in hand: %1").arg(job_.inHand()));
  const double share =
      job_.total() == 0 ? 0 : static_cast<double>(job_.done()) / static_cast<double>(job_.total());
  whole_->setValue(static_cast<int>(share * kSteps));
  whole_->setFormat(tr("%1 of %2 photos").arg(grouped(job_.done()), grouped(job_.total())));
  whole_->setAccessibleName(tr("Whole job"));
  pause_->setVisible(active);
  const bool paused = job_.state() == Job::State::kPaused;
  pause_->setIcon(themedIcon(paused ? QStringLiteral("resume") : QStringLiteral("pause")));
  pause_->setToolTip(paused ? tr("Go on") : tr("Pause"));
  pause_->setAccessibleName(pause_->toolTip());
  cancel_->setIcon(themedIcon(QStringLiteral("cancel")));
  cancel_->setToolTip(active ? tr("Cancel; what is done stays") : tr("Remove from this list"));
  cancel_->setAccessibleName(cancel_->toolTip());
  offer_->setText(job_.offered());
  offer_->setAccessibleName(tr("%1: %2").arg(job_.title(), job_.offered()));
  offer_->setVisible(!job_.offered().isEmpty());
  problems_->setVisible(job_.failureCount() > 0);
  problems_->setText(tr("%n problem(s)", nullptr, static_cast<int>(job_.failureCount())));
  if (job_.failureCount() == 0) problems_->setChecked(false);
}

// All failures of a moment at once: of 100,000 photos each may be broken.
void JobCard::showFailuresSoon() {
  if (problems_->isChecked() && !failuresSoon_.isActive()) failuresSoon_.start();
}

void JobCard::showFailures() {
  failuresSoon_.stop();
  if (!problems_->isChecked()) return;
  QStringList lines;
  for (const JobFailure& failure : job_.failures()) lines << failure.reason;
  if (job_.failureCount() > job_.failures().size())
    lines << tr("and %1 more").arg(grouped(job_.failureCount() - job_.failures().size()));
  list_->setPlainText(lines.join(QLatin1Char('\n')));
  list_->setAccessibleName(tr("Photos that could not be used, and why"));
}

void JobCard::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    showJob();
    showFailures();
  }
  QFrame::changeEvent(event);
}

}  // namespace inkling
