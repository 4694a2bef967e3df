// Where a program keeps things of the person who runs it, after the XDG Base Directory
// Specification. Neither function creates anything.
#pragma once

#include <filesystem>

namespace inkling {

/// inkling in $XDG_DATA_HOME, or in ~/.local/share: what must not be lost.
std::filesystem::path userDataFolder();

/// inkling in $XDG_CACHE_HOME, or in ~/.cache: what can be made again.
std::filesystem::path userCacheFolder();

}  // namespace inkling
