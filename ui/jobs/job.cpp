#include "ui/jobs/job.h"

#include <QLocale>
#include <cmath>
#include <utility>

namespace inkling {

Job::Job(const QString& title, QObject* parent) : QObject(parent), title_(title) { clock_.start(); }

void Job::setTitle(const QString& title) {
  if (title == title_) return;
  title_ = title;
  Q_EMIT changed();
}

QString Job::pace() const {
  const std::optional<double> speed = meter_.rate();
  if (!speed || state_ != State::kRunning) return {};
  const QString rate = QLocale().toString(*speed, 'f', *speed < 10 ? 1 : 0);
  const std::optional<double> left = meter_.remaining(total_ - std::min(done_, total_));
  return tr("%1 photos/s, %2 left").arg(rate, durationText(left.value_or(0)));
}

void Job::setProgress(std::size_t done, std::size_t total) {
  if (done == done_ && total == total_) return;
  done_ = done;
  total_ = total;
  meter_.note(done, clock_.elapsed());
  Q_EMIT changed();
}

void Job::setInHand(const QString& item, double share) {
  if (item == inHand_ && share == inHandShare_) return;
  inHand_ = item;
  inHandShare_ = share;
  Q_EMIT changed();
}

void Job::addFailure(const QString& item, const QString& reason) {
  ++failureCount_;
  if (failures_.size() < kListed) failures_.push_back({item, reason});
  Q_EMIT failuresChanged();
  Q_EMIT changed();
}

void Job::setPaused(bool paused) {
  if (!isActive() || paused == (state_ == State::kPaused)) return;
  state_ = paused ? State::kPaused : State::kRunning;
  meter_.restart();
  Q_EMIT changed();
}

void Job::finish(State state, const QString& outcome) {
  if (state_ == state && outcome_ == outcome) return;
  state_ = state;
  outcome_ = outcome;
  inHand_.clear();
  inHandShare_ = 0;
  Q_EMIT changed();
}

void Job::offer(const QString& text, std::function<void()> action) {
  offered_ = text;
  action_ = std::move(action);
  Q_EMIT changed();
}

void Job::takeOffer() const {
  // It may begin the job again, and so end itself.
  const std::function<void()> action = action_;
  if (action) action();
}

void Job::restart() {
  state_ = State::kRunning;
  outcome_.clear();
  offered_.clear();
  action_ = nullptr;
  done_ = total_ = 0;
  meter_.restart();
  Q_EMIT changed();
}

void Job::forgetFailures() {
  failureCount_ = 0;
  failures_.clear();
  Q_EMIT failuresChanged();
  Q_EMIT changed();
}

void Job::requestPause(bool pause) {
  if (isActive()) Q_EMIT pauseRequested(pause);
}

void Job::requestCancel() {
  if (isActive()) Q_EMIT cancelRequested();
}

QString durationText(double seconds) {
  const auto whole = static_cast<qint64>(std::ceil(seconds));
  if (whole < 60) return Job::tr("%1 s").arg(whole);
  const qint64 minutes = (whole + 30) / 60;
  if (minutes < 60) return Job::tr("%1 min").arg(minutes);
  return Job::tr("%1 h %2 min").arg(minutes / 60).arg(minutes % 60);
}

}  // namespace inkling
