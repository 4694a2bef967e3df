// Files that hold results: known to be writable before any work is done for them.
#pragma once

#include <filesystem>
#include <string_view>

namespace inkling {

class OutputFile {
 public:
  /// Creates the folder of `path` if it is missing and proves that the file can be written. A link
  /// is followed. Throws OutputError naming the file.
  explicit OutputFile(const std::filesystem::path& path);

  /// Replaces the file at once, so that no reader sees half of it; a device or pipe is written to.
  /// Throws OutputError.
  void write(std::string_view content) const;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  bool stream_ = false;  // not a regular file
};

/// As OutputFile's constructor, and refuses devices and pipes, which cannot be replaced.
void requireWritableFile(const std::filesystem::path& path);

}  // namespace inkling
