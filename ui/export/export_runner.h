// An export on a thread of its own, with a model of its own, so that drawing and searching go on
// meanwhile. It can be paused, cancelled and gone on with.
//
//   ExportRunner runner;
//   runner.start(order, {.resume = true});
//   connect(&runner, &ExportRunner::begun, ...);      // or refused(): nothing was changed
//   connect(&runner, &ExportRunner::finished, ...);
//
// A pause ends the run over the photos, as a cancellation does - photos in hand are finished - and
// going on runs the same job again: a job can be resumed at any photo. The right to write into the
// out folder is kept meanwhile.
#pragma once

#include <QObject>
#include <QString>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "ui/export/export_order.h"

namespace inkling {

/// How a run ended.
struct ExportEnd {
  ExportOutcome outcome;
  std::size_t photos = 0;  ///< in the job
  bool cancelled = false;  ///< what is done is kept, and can be gone on with
  QString reason;          ///< not empty: it could not go on (the disk is full, ...); likewise
};

class ExportRunner : public QObject {
  Q_OBJECT

 public:
  explicit ExportRunner(QObject* parent = nullptr);
  /// Cancels, and waits for the photos in hand.
  ~ExportRunner() override;

  /// One export at a time: false, and nothing happens, while one runs. `how.threads` is not looked
  /// at: one core is left to the window.
  bool start(ExportOrder order, ExportStart how);
  bool isRunning() const { return running_; }
  /// Photos in hand are finished; ends with finished(), or with refused() before it has begun.
  void cancel();
  /// stands() says when it does.
  void setPaused(bool paused);

 Q_SIGNALS:
  /// The model is loaded and the out folder is ours; `done` photos were done before.
  void begun(std::size_t photos, std::size_t done);
  /// It cannot begin: the engine's reason, without its command line's options; empty: cancelled.
  void refused(const QString& reason);
  void progressed(std::size_t done, std::size_t total, const QString& photo);
  /// A photo that could not be read, of this run or of one before; the others go on.
  void photoFailed(const QString& photo, const QString& reason);
  void stands(bool paused);
  /// Something that a person should know; the export goes on.
  void noticed(const QString& text);
  void finished(const inkling::ExportEnd& end);

 private:
  void work(const ExportOrder& order, ExportStart how);
  ExportOutcome outcomeOf(ExportJob& job, const ExportTools& tools);
  void tellFailure(const FailedPhoto& photo);
  void tellEarlierFailures(ExportJob& job);
  bool waitWhilePaused();
  CancellationToken newToken();
  bool isCancelled();
  template <typename F>
  void post(F&& signal);

  std::mutex mutex_;
  std::condition_variable changed_;
  bool paused_ = false, cancelled_ = false;  ///< guarded, like token_
  CancellationToken token_;                  ///< of the run over the photos that is under way
  bool running_ = false;                     ///< of the window's thread
  std::jthread thread_;
};

/// A message of the engine without what only its command line offers ("--force replaces it"): the
/// window has buttons for that.
QString withoutOptions(const std::string& message);

}  // namespace inkling
