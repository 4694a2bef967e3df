// Building a region index file.
//
//   RegionIndexOptions options;
//   options.dimension = 128;
//   options.sampleQueries = queryVectorsOfSomeDrawings;
//   buildRegionIndex(file, [&](const auto& take) {
//     for (const auto& photo : catalogue) take({photo.id, regionVectors(photo)});
//   }, options, token, progress);
//
// Vectors are never all in memory: the photos are walked through once for a small collection, and
// once more for every code that is tried for a large one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/base/cancellation.h"
#include "core/base/progress.h"
#include "core/search/region_index.h"

namespace inkling {

/// Hands every photo to `take`, by ascending id; the same ones with the same vectors each time it
/// is called. What `take` or the source itself throws ends the build.
using RegionSource = std::function<void(const std::function<void(const RegionVectors&)>& take)>;

struct RegionIndexOptions {
  int dimension = 0;          ///< 1 .. 4096
  std::string identity;       ///< which model the vectors are of; kept in the file
  std::int64_t revision = 0;  ///< of the catalogue; kept in the file

  /// Up to as many vectors are searched exactly (never fewer than 1,000).
  std::int64_t exactLimit = 200'000;

  /// Beyond that: the share of the `recallTop` best photos of the exact search that have to be
  /// among the first `recallCandidates` photos of the index, on average over the sample queries.
  /// The smallest code that gets there while a query visits an eighth of the lists at most is
  /// taken, with as few lists as do. If none does, the best is kept and info() tells.
  double targetRecall = 0.95;
  int recallTop = 50;
  int recallCandidates = 200;
  /// Codes that would make the file larger than this are not tried (the shortest one always is):
  /// the searches of a day bring most of the file into memory. Does not count below exactLimit.
  std::uint64_t mostBytes = 1'300'000'000;
  /// N*dimension values: vectors as drawings give them, 50 to 200 of them. Needed beyond
  /// exactLimit.
  std::vector<float> sampleQueries;

  std::uint64_t seed = 1;  ///< the same photos, options and seed give the same file
};

/// Writes the index to `file`, replacing an older one at the very end: a build that is killed or
/// fails leaves the older one as it was (and perhaps `file` with ".part" added, which the next
/// build overwrites). Takes a few times the file's size on the disk, up to 1 GB of memory, and all
/// cores. Returns what RegionIndex::info() would.
/// Throws Cancelled; UsageError (options or vectors that make no sense: wrong size, not finite, ids
/// not ascending, no sample queries); OutputError naming the file (full disk, no permission,
/// another process is building it); InputError when the photos are others at the second walk.
RegionIndexInfo buildRegionIndex(const std::filesystem::path& file, const RegionSource& source,
                                 const RegionIndexOptions& options,
                                 const CancellationToken& token = {},
                                 const ProgressCallback& progress = {});

}  // namespace inkling
