// export.json: what a finished export says of itself.
#pragma once

#include "core/base/json.h"
#include "core/exporting/export_job.h"

namespace inkling {

/// {"inkling_export": 1, "format", "folder", "coordinate_frame", "model", "model_hash",
/// "threshold", "categories": [{"name", "sketches", "not"}], "photos", "matched", "boxes",
/// "failed"}, and of a part "shard": "I/N".
Json exportSummary(const ExportPlan& plan, const ExportOutcome& outcome);

/// The setup that it was written for. Throws InputError naming `name`.
ExportSetup setupOfSummary(const Json& summary, const std::string& name);

}  // namespace inkling
