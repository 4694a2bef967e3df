#include "ui/export/export_controller.h"

#include <QDesktopServices>
#include <QLocale>
#include <QUrl>
#include <utility>

#include "ui/export/export_texts.h"
#include "ui/paths/paths.h"

namespace inkling {

ExportController::ExportController(QWidget& window, JobsPanel& jobs, const PhotoModel& model)
    : QObject(&window), window_(window), jobs_(jobs), model_(model) {
  connectRunner();
}

ExportController::~ExportController() { delete dialog_; }

void ExportController::connectRunner() {
  connect(&runner_, &ExportRunner::begun, this, &ExportController::takeBegun);
  connect(&runner_, &ExportRunner::refused, this, &ExportController::takeRefusal);
  connect(&runner_, &ExportRunner::finished, this, &ExportController::takeEnd);
  connect(&runner_, &ExportRunner::noticed, this, &ExportController::failed);
  connect(&runner_, &ExportRunner::progressed, this,
          [this](std::size_t done, std::size_t total, const QString& photo) {
            if (!job_) return;
            job_->setProgress(done, total);
            job_->setInHand(photo, 1);
          });
  connect(&runner_, &ExportRunner::photoFailed, this,
          [this](const QString& photo, const QString& reason) {
            if (job_) job_->addFailure(photo, reason);
          });
  connect(&runner_, &ExportRunner::stands, this, [this](bool paused) {
    if (job_) job_->setPaused(paused);
  });
}

// The dialog ------------------------------------------------------------------------------------

QString ExportController::missing(const Opening& what) const {
  if (runner_.isRunning())
    return tr("An export is still running. Wait for it, or cancel it among the jobs.");
  if (what.model.empty())
    return tr("Nothing can be exported without a model. Choose one in the File menu.");
  if (what.sources.empty())
    return tr("Open a folder of photos first; then what is found in it can be exported.");
  if (what.drawings.query.empty())
    return tr("Draw what is to be found first; then what is found can be exported.");
  return {};
}

void ExportController::open(const Opening& what) {
  if (dialog_) return dialog_->raise();
  if (const QString reason = missing(what); !reason.isEmpty()) {
    Q_EMIT failed(reason);
    return;
  }
  ExportOrder order;
  order.source = what.sources.front();
  order.drawings = what.drawings;
  order.model = what.model;
  order.device = what.device;
  order.threshold = what.threshold;
  order.category = what.drawings.wanted.front();
  dialog_ = new ExportDialog(what.sources, order, model_, &window_);
  dialog_->setAttribute(Qt::WA_DeleteOnClose);
  dialog_->restore(state_);
  connect(dialog_, &ExportDialog::startRequested, this, &ExportController::start);
  connect(dialog_, &QDialog::finished, this, &ExportController::dialogClosed);
  dialog_->open();
}

void ExportController::dialogClosed(int result) {
  state_ = dialog_->state();
  dialog_ = nullptr;
  Q_EMIT stateChanged();
  if (result == QDialog::Accepted || !runner_.isRunning()) return;
  abandoned_ = true;
  runner_.cancel();
}

void ExportController::start(const ExportOrder& order, bool resume, bool force) {
  order_ = order;
  abandoned_ = false;
  ExportStart how;
  how.resume = resume;
  how.force = force;
  runner_.start(order, how);
}

// The work --------------------------------------------------------------------------------------

void ExportController::goOn(const ExportOrder& order, Job* job) {
  if (runner_.isRunning() || dialog_) {
    Q_EMIT failed(tr("An export is still running. Wait for it, or cancel it among the jobs."));
    return;
  }
  job_ = job;
  job_->restart();
  start(order, true, false);
}

void ExportController::takeBegun(std::size_t photos, std::size_t done) {
  if (abandoned_) return;
  if (dialog_) {
    dialog_->accept();
    job_ = jobs_.add(tr("Export"));
    connect(job_, &Job::pauseRequested, &runner_, &ExportRunner::setPaused);
    connect(job_, &Job::cancelRequested, &runner_, &ExportRunner::cancel);
  }
  if (job_) {
    job_->forgetFailures();  // those of before are told again
    job_->setProgress(done, photos);
  }
  Q_EMIT begun();
}

void ExportController::takeRefusal(const QString& reason) {
  if (abandoned_) return;
  if (dialog_) return dialog_->refuse(reason);
  if (reason.isEmpty()) return endJob(Job::State::kCancelled, {});
  endJob(Job::State::kFailed, reason);
  Q_EMIT failed(reason);
}

void ExportController::takeEnd(const ExportEnd& end) {
  if (abandoned_) return;
  if (!end.reason.isEmpty()) {
    const QString text = tr("%1. What is done is kept.").arg(end.reason);
    endJob(Job::State::kFailed, text);
    Q_EMIT failed(text);
  } else if (end.cancelled) {
    const auto done = static_cast<qlonglong>(end.outcome.photos + end.outcome.failed);
    endJob(Job::State::kCancelled, tr("%1 of %Ln photos are done; it can be resumed at any time",
                                      nullptr, static_cast<int>(end.photos))
                                       .arg(QLocale().toString(done)));
  } else {
    const QString text = tr("%1 → %2").arg(ExportTexts::outcome(end), shownName(order_.out));
    endJob(Job::State::kDone, text);
    Q_EMIT done(text);
  }
}

void ExportController::endJob(Job::State state, const QString& outcome) {
  if (!job_) return;
  if (state == Job::State::kDone) job_->setProgress(job_->total(), job_->total());
  job_->finish(state, outcome);
  if (state == Job::State::kDone) {
    job_->offer(tr("Open folder"), [out = order_.out] {
      QDesktopServices::openUrl(QUrl::fromLocalFile(toQString(out)));
    });
  } else {
    job_->offer(tr("Resume"), [this, order = order_, job = job_] { goOn(order, job); });
  }
}

}  // namespace inkling
