#include "app/export_team.h"

#include <memory>
#include <optional>
#include <string>

#include "core/base/path.h"
#include "core/exporting/export_room.h"
#include "core/exporting/job_folder.h"

namespace inkling {
namespace {

Team::Work workOf(const ExportWork& work, const ExportTools& tools, const PipelineThreads& threads,
                  const CancellationToken& token) {
  return [&, threads](const Team::Next& next, const Team::Deliver& deliver) {
    work.run(tools, threads, next, token,
             [&](const ExportRecord& record) { deliver(record.number, encodeRecord(record)); });
  };
}

}  // namespace

ExportOutcome leadExport(Team& team, ExportJob& job, const ExportTools& tools,
                         const PipelineThreads& threads, const CancellationToken& token,
                         const ProgressCallback& progress,
                         const std::function<void(const FailedPhoto&)>& failed) {
  const auto& photos = job.folder().photos();
  std::int64_t done = job.photos() - job.pending();
  const auto take = [&](std::size_t number, const std::string& bytes) {
    const ExportRecord record = decodeRecord(bytes, "a result");
    if (record.number != number) throw OutputError("a result of another photo");
    if (record.kind == ExportRecord::Kind::failed) failed({photos[number], record.error});
    job.keep(record);
    if (progress) progress({"exporting", ++done, job.photos(), displayName(photos[number])});
  };
  team.lead(job.folder().pending(), workOf(job.work(), tools, threads, token), take, token);
  if (job.pending() == 0) {
    // One that died may have left a file half written, which others have written since.
    removeLeftovers(job.folder().out());
    job.finish();
  }
  return job.outcome();
}

void followExport(Team& team, const ExportPlan& plan, const ExportTools& tools,
                  const PipelineThreads& threads, const CancellationToken& token) {
  std::unique_ptr<JobFolder> job;
  std::optional<ExportWork> work;
  const auto begin = [&] {
    job = JobFolder::forFollowing(plan.out);
    work.emplace(plan, job->photos());
  };
  team.follow(begin, [&](const Team::Next& next, const Team::Deliver& deliver) {
    workOf(*work, tools, threads, token)(next, deliver);
  });
}

}  // namespace inkling
