// A piece of long work as the window shows it: how far the photo in hand and the whole are, how
// fast it goes, what failed. Whoever does the work tells the job; a person pauses and cancels
// through it.
//
//   auto* job = panel.add(tr("Export"), true);
//   job->setProgress(done, total);
//   job->setInHand("photo.jpg", 0.3);
//   job->addFailure("broken.jpg", "the picture is damaged");
//   job->finish(Job::State::kDone, tr("340 pictures written"));
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <functional>
#include <optional>
#include <vector>

#include "ui/jobs/rate_meter.h"

namespace inkling {

struct JobFailure {
  QString item;
  QString reason;  ///< a whole sentence that names the file
};

class Job : public QObject {
  Q_OBJECT

 public:
  enum class State { kRunning, kPaused, kDone, kCancelled, kFailed };
  /// Failures that are listed; further ones are counted only.
  static constexpr std::size_t kListed = 1000;

  explicit Job(const QString& title, QObject* parent = nullptr);

  QString title() const { return title_; }
  void setTitle(const QString& title);
  State state() const { return state_; }
  bool isActive() const { return state_ == State::kRunning || state_ == State::kPaused; }
  /// What was achieved, or why it ended.
  QString outcome() const { return outcome_; }

  std::size_t done() const { return done_; }
  std::size_t total() const { return total_; }
  QString inHand() const { return inHand_; }
  double inHandShare() const { return inHandShare_; }  ///< 0 .. 1
  /// "2.1 photos/s, 3 min left"; empty while not known.
  QString pace() const;

  const std::vector<JobFailure>& failures() const { return failures_; }
  std::size_t failureCount() const { return failureCount_; }

  void setProgress(std::size_t done, std::size_t total);
  void setInHand(const QString& item, double share);
  void addFailure(const QString& item, const QString& reason);
  void setPaused(bool paused);
  void finish(State state, const QString& outcome = {});
  /// A button beside the outcome of a job that has ended, "Open folder"; until it begins again.
  void offer(const QString& text, std::function<void()> action);
  QString offered() const { return offered_; }
  void takeOffer() const;
  /// The same job begins again; failures stay in the list until forgetFailures().
  void restart();
  void forgetFailures();

 public Q_SLOTS:
  void requestPause(bool pause);
  void requestCancel();

 Q_SIGNALS:
  void changed();
  void failuresChanged();
  void pauseRequested(bool pause);
  void cancelRequested();

 private:
  QString title_, outcome_, inHand_, offered_;
  std::function<void()> action_;
  State state_ = State::kRunning;
  std::size_t done_ = 0, total_ = 0, failureCount_ = 0;
  double inHandShare_ = 0;
  std::vector<JobFailure> failures_;
  RateMeter meter_;
  QElapsedTimer clock_;
};

/// "45 s", "3 min", "2 h 5 min".
QString durationText(double seconds);

}  // namespace inkling
