// A folder of its own for a test.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>

#include <unistd.h>

namespace inkling {

/// Empty at first; removed at the end with all that it holds, even if the test has locked it.
class ScratchFolder {
 public:
  explicit ScratchFolder(const std::string& test)
      : path_(std::filesystem::temp_directory_path() /
              ("inkling-" + test + "-" + std::to_string(::getpid()))) {
    remove();
    std::filesystem::create_directories(path_);
  }
  ~ScratchFolder() { remove(); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  void remove() const {
    std::error_code ignored;
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all, ignored);
    std::filesystem::remove_all(path_, ignored);
  }

  std::filesystem::path path_;
};

/// Catalogues, caches and settings go into `folder` from now on, not to the person who runs the
/// test. Not while other threads run.
inline void keepEverythingIn(const std::filesystem::path& folder) {
  for (const auto& [variable, name] : {std::pair("XDG_CACHE_HOME", "cache"),
                                       {"XDG_DATA_HOME", "share"},
                                       {"XDG_CONFIG_HOME", "config"}})
    ::setenv(variable, (folder / name).c_str(), 1);
}

/// `resources` of the source tree, whose photos are copied to `folder`/samples/photos, so that a
/// catalogue can be made beside them; all else are links.
inline void copyResources(const std::filesystem::path& resources,
                          const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  fs::create_directories(folder / "samples/photos");
  for (const auto& part : fs::directory_iterator(resources)) {
    if (part.path().filename() != "samples")
      fs::create_symlink(part.path(), folder / part.path().filename());
  }
  for (const auto& part : fs::directory_iterator(resources / "samples")) {
    if (part.path().filename() != "photos")
      fs::create_symlink(part.path(), folder / "samples" / part.path().filename());
  }
  for (const auto& photo : fs::directory_iterator(resources / "samples/photos")) {
    if (photo.is_regular_file())
      fs::copy_file(photo.path(), folder / "samples/photos" / photo.path().filename());
  }
}

}  // namespace inkling
