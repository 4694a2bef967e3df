// An export by several processes (see team.h): they look at photos and write their files, the
// leader keeps the records and writes the files of the whole.
#pragma once

#include <functional>

#include "app/team.h"
#include "core/exporting/export_job.h"

namespace inkling {

/// As ExportJob::run, with the others.
ExportOutcome leadExport(Team& team, ExportJob& job, const ExportTools& tools,
                         const PipelineThreads& threads, const CancellationToken& token,
                         const ProgressCallback& progress,
                         const std::function<void(const FailedPhoto&)>& failed);

/// Works for the leader until there is no more. `plan` is the leader's.
void followExport(Team& team, const ExportPlan& plan, const ExportTools& tools,
                  const PipelineThreads& threads, const CancellationToken& token);

}  // namespace inkling
