// A folder of its own for a test.
#pragma once

#include <filesystem>
#include <string>

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

}  // namespace inkling
