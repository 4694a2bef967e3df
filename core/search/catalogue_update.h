// Bringing a catalogue up to date with its folder: which photos are new, changed, moved, gone?
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/cancellation.h"
#include "core/base/progress.h"
#include "core/image/photo_reader.h"
#include "core/search/catalogue.h"

namespace inkling {

/// Each photo file counts once.
struct CatalogueChanges {
  std::int64_t added = 0;      ///< new to the catalogue, to be described
  std::int64_t changed = 0;    ///< at a known path with another content, to be described
  std::int64_t moved = 0;      ///< known content at another path: keeps id and description
  std::int64_t returned = 0;   ///< was gone and is back as it was: keeps id and description
  std::int64_t removed = 0;    ///< no longer there
  std::int64_t unchanged = 0;  ///< the rest
  bool finished = true;        ///< false: cancelled; call again to go on

  bool any() const { return added + changed + moved + returned + removed > 0; }
};

struct UpdateOptions {
  /// Which files are photos; lower case with the dot.
  std::vector<std::string> extensions = photoExtensions();
  /// How long descriptions of missing photos are kept, in case these were moved out of sight, or
  /// lie on a disk that is not plugged in.
  std::int64_t keepGoneNs = std::int64_t{30} * 24 * 3600 * 1'000'000'000;
};

/// Goes through the folder once. A photo whose size and modification time are as before is not
/// read. Others are read only where their content decides: a known size with a new time, and new
/// paths that have the size of a photo that is gone. Symbolic links to folders are not followed;
/// those to files are. Memory grows by a few bits per photo.
///
/// What was found until `token` was cancelled is kept; nothing is taken for removed then. Progress
/// counts files, of an unknown total; then those that are read to recognise moved ones. Throws
/// InputError if the folder cannot be listed (nothing is taken for removed then either),
/// OutputError if the catalogue cannot be written.
CatalogueChanges updateCatalogue(Catalogue& catalogue, const CancellationToken& token = {},
                                 const ProgressCallback& progress = {},
                                 const UpdateOptions& options = {});

}  // namespace inkling
