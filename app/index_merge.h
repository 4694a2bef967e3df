// `inkling index merge`: the catalogues that several machines made of one folder become one.
#pragma once

#include <string>
#include <vector>

#include "app/options.h"
#include "core/base/cancellation.h"

namespace inkling {

struct IndexMergeOptions {
  SharedOptions shared;
  std::vector<std::string> parts;
  std::string catalogue, folder;  ///< either may be empty
};

/// Declares the subcommand below `index`.
CLI::App* declareIndexMerge(CLI::App& index, IndexMergeOptions& options);

/// Brings the catalogue of the folder up to date and takes over what the parts say of its photos:
/// see CatalogueParts. Can be interrupted and run again. Returns kSomeFailed when photos are failed
/// or in none of the parts. Throws UsageError, InputError naming a part, Cancelled.
int mergeCatalogues(const IndexMergeOptions& options, const CancellationToken& interrupt);

}  // namespace inkling
