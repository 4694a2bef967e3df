// What an export would write, worked out on a thread of its own: of 100,000 photos the names alone
// take a second.
//
//   PreviewMaker maker;
//   connect(&maker, &PreviewMaker::made, this, &ExportDialog::showPreview);
//   maker.make({order, foundExamples(model, order.source, order.threshold)});
#pragma once

#include <QObject>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "ui/export/export_place.h"
#include "ui/export/export_sample.h"

namespace inkling {

struct PreviewRequest {
  ExportOrder order;
  std::vector<FoundExample> examples;
  bool placeChanged = false;  ///< what is known of the out folder is of before
};

/// Comes in steps; what is not known yet is empty.
struct ExportPreview {
  enum class Step { kFiles, kSample, kPlace };
  /// Files of photos that are named.
  static constexpr std::size_t kNamed = 4;

  Step step = Step::kFiles;                  ///< the last that was done
  std::size_t photos = 0;                    ///< in the source
  std::vector<std::filesystem::path> files;  ///< of the first few photos
  std::size_t more = 0;                      ///< of further photos
  bool atMost = false;                       ///< only photos with a match have a file
  std::vector<std::filesystem::path> whole;  ///< files of the whole, in which order they are read
  ExportSample sample;
  std::string sampleProblem;  ///< why there is none, if something is wrong
  ExportPlace place;
  std::string problem;  ///< nothing can be exported like that: a whole sentence
};

class PreviewMaker : public QObject {
  Q_OBJECT

 public:
  explicit PreviewMaker(QObject* parent = nullptr);
  /// Waits for the step in hand.
  ~PreviewMaker() override;

  /// What was asked before is given up, and its answers come no more.
  void make(PreviewRequest request);
  /// Gives up, and waits until the out folder is left alone.
  void stop();

 Q_SIGNALS:
  /// Each step of the newest request; the last is Step::kPlace, or has a problem.
  void made(const inkling::ExportPreview& preview);

 private:
  class Worker;
  void run();
  void build(const PreviewRequest& request, quint64 number, const CancellationToken& token);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<PreviewRequest> wanted_;  ///< guarded, like the next three
  CancellationToken token_;
  quint64 number_ = 0;
  bool quit_ = false, busy_ = false;
  std::unique_ptr<Worker> worker_;  ///< of the thread
  std::jthread thread_;
};

}  // namespace inkling
