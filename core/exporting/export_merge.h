// Joining the parts of an export that several machines have made.
//
//   const ExportOutcome all = mergeExports({"part1", "part2", "part3"}, "all", {});
//
// The result is what one machine would have written, byte by byte: the parts looked at the same
// list of photos, and every photo's record is in one of them.
#pragma once

#include <filesystem>
#include <vector>

#include "core/exporting/export_job.h"

namespace inkling {

/// Reads the parts (out folders of `--shard I/N`, in any order) and writes `out`; they stay as they
/// are. Can be interrupted and resumed as an export can.
/// Throws InputError: a part is missing, twice there, not finished, damaged, of another export, or
/// a photo is in none of them (it was changed meanwhile); and what ExportJob throws.
ExportOutcome mergeExports(const std::vector<std::filesystem::path>& parts,
                           const std::filesystem::path& out, const ExportStart& start,
                           const CancellationToken& token = {},
                           const ProgressCallback& progress = {});

}  // namespace inkling
