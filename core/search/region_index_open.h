// The searcher for an index file of either kind. Internal to core/search/region_index*.
#pragma once

#include <memory>

#include "core/search/region_index_layout.h"
#include "core/search/region_index_search.h"

namespace inkling {

/// Reads from `file`, which must outlive it. Throws
/// InputError (without naming the file).
std::unique_ptr<const RegionSearcher> searcherOf(const region_file::IndexFile& file);

}  // namespace inkling
