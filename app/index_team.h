// Indexing by several processes (see team.h): they look at photos, the leader keeps what they say
// in the catalogue, which nobody else writes.
#pragma once

#include <functional>

#include "app/team.h"
#include "core/search/photo_indexer.h"

namespace inkling {

/// As describePhotos(), with the others; `retryFailed` as its option. `describer` is used on a
/// thread of its own.
IndexResult leadIndexing(Team& team, Catalogue& catalogue, PhotoDescriber& describer,
                         const CancellationToken& token, const ProgressCallback& progress,
                         bool retryFailed);

/// Works for the leader until there is no more. `open` opens its catalogue for reading, once it is
/// there.
void followIndexing(Team& team, const std::function<Catalogue()>& open, PhotoDescriber& describer);

}  // namespace inkling
