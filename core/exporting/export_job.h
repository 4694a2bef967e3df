// The export of a whole archive: a job that can be interrupted at any moment and resumed, and that
// ends with the same bytes however often it was.
//
//   ExportJob job({folder, out, "coco", setup, settings}, {.resume = true});    // errors come
//   early const ExportOutcome outcome = job.run(tools, token, progress, told); if
//   (!outcome.finished) ...                        // cancelled; --resume goes on
//
// In the out folder the state lies in .inkling-export (see job_folder.h), and export.json says what
// the folder holds once all is written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/cancellation.h"
#include "core/base/progress.h"
#include "core/exporting/export_pipeline.h"
#include "core/exporting/export_plan.h"
#include "core/exporting/export_work.h"
#include "core/exporting/find_report.h"
#include "core/exporting/job_folder.h"

namespace inkling {

/// The photos of the plan below its folder, in natural order, without what an export has written
/// into it. Throws InputError: there are none, or the folder cannot be listed; and Cancelled.
std::vector<std::filesystem::path> photosToExport(const ExportPlan& plan,
                                                  const CancellationToken& token = {});

/// All that the files of the plan depend on: JobFolder::settings() of its job, which is resumed
/// only with the same.
Json exportSettings(const ExportPlan& plan);

struct ExportStart {
  bool resume = false;  ///< go on with an unfinished job; begin one where there is none
  bool force = false;   ///< replace what an earlier export has written
  /// More failures than this in one run end it: something is wrong as a whole.
  std::optional<std::int64_t> maxFailures;
  PipelineThreads threads;
};

struct ExportOutcome {
  std::int64_t photos = 0;   ///< of this shard that were exported, with and without a match
  std::int64_t matched = 0;  ///< of them: with a box
  std::int64_t boxes = 0;
  std::int64_t failed = 0;     ///< photos that could not be read
  std::int64_t elsewhere = 0;  ///< photos of other shards
  bool finished = false;       ///< false: cancelled
};

class ExportJob {
 public:
  /// Begins or reopens the job. Throws
  ///   InputError    no photos, a folder that is not there
  ///   UsageError    an unknown format, settings that contradict the job that is to be resumed
  ///   OutputError   the out folder: another process exports into it, it holds an export already
  ///                 or a file that would be overwritten, cannot be written, has too little room
  ExportJob(ExportPlan plan, const ExportStart& start);
  ~ExportJob();
  ExportJob(const ExportJob&) = delete;
  ExportJob& operator=(const ExportJob&) = delete;

  /// Photos in the job, and those that are still to be looked at.
  std::int64_t photos() const;
  std::int64_t pending() const;
  /// Was finished before: there is nothing to do but to look at outcome().
  bool isFinished() const;

  /// Looks at the photos that are pending and writes the files. `failed` is told of each photo that
  /// cannot be exported. Throws OutputError: the disk is full, or too many photos failed; what is
  /// done stays, and the job can be resumed.
  ExportOutcome run(const ExportTools& tools, const CancellationToken& token = {},
                    const ProgressCallback& progress = {},
                    const std::function<void(const FailedPhoto&)>& failed = {});

  /// So far.
  ExportOutcome outcome() const;

  // For whoever distributes or gathers the work; run() is made of these.

  JobFolder& folder();
  const ExportWork& work() const;
  /// Keeps the record of a photo whose files are written, and counts failures. Throws OutputError.
  void keep(const ExportRecord& record);
  /// When no photo is pending: writes the files of the whole and export.json.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace inkling
