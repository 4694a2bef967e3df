// Writes what a search found to files, on a thread of its own: a table (.csv), everything (.json),
// or pictures of the matches with their boxes.
//
//   Exporter exporter;
//   exporter.start({report, "cats.csv", MatchesFormat::kCsv});
//   connect(&exporter, &Exporter::finished, ...);
#pragma once

#include <QObject>
#include <QString>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "core/base/cancellation.h"
#include "core/exporting/find_report.h"
#include "core/image/image.h"

namespace inkling {

enum class MatchesFormat { kCsv, kJson, kPictures };

struct ExportRequest {
  FindReport report;             ///< photos with the boxes to write
  std::filesystem::path target;  ///< a file; for pictures, a folder
  MatchesFormat format = MatchesFormat::kCsv;
  Image card;  ///< pictures: the drawing, put into a corner; may be empty
};

class Exporter : public QObject {
  Q_OBJECT

 public:
  explicit Exporter(QObject* parent = nullptr);
  /// Cancels, and waits for the file in hand.
  ~Exporter() override;

  /// One export at a time: false, and nothing happens, while one runs.
  bool start(ExportRequest request);
  bool isRunning() const { return running_; }
  /// Finishes the file in hand; what is written stays.
  void cancel();
  void setPaused(bool paused);

 Q_SIGNALS:
  void progressed(std::size_t done, std::size_t total, const QString& photo, double share);
  /// A photo that could not be read; the others go on.
  void photoFailed(const QString& photo, const QString& reason);
  /// `reason` is empty unless the export could not go on (the disk is full, the folder is gone).
  void finished(std::size_t written, bool cancelled, const QString& reason);

 private:
  void work(const ExportRequest& request, const CancellationToken& token);
  std::size_t writePictures(const ExportRequest& request, const CancellationToken& token);
  void waitWhilePaused(const CancellationToken& token);
  template <typename F>
  void post(F&& signal);

  std::mutex mutex_;
  std::condition_variable changed_;
  bool paused_ = false, running_ = false;
  CancellationToken token_;
  std::jthread thread_;
};

}  // namespace inkling
