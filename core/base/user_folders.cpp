#include "core/base/user_folders.h"

#include <cstdlib>

namespace inkling {
namespace {

namespace fs = std::filesystem;

fs::path folderOf(const char* variable, const fs::path& belowHome) {
  const char* folder = std::getenv(variable);
  // A relative path there is to be ignored, says the specification.
  if (folder != nullptr && folder[0] == '/') return fs::path(folder) / "inkling";
  const char* home = std::getenv("HOME");
  return fs::path(home != nullptr && home[0] == '/' ? home : "/") / belowHome / "inkling";
}

}  // namespace

fs::path userDataFolder() { return folderOf("XDG_DATA_HOME", ".local/share"); }

fs::path userCacheFolder() { return folderOf("XDG_CACHE_HOME", ".cache"); }

}  // namespace inkling
