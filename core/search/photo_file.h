// What tells without reading it whether a file may have changed. Internal to core/search.
#pragma once

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <optional>

#include <sys/stat.h>

namespace inkling {

struct FileStamp {
  std::int64_t bytes = 0;
  std::int64_t modifiedNs = 0;  ///< since 1970
  bool operator==(const FileStamp&) const = default;
};

/// None if there is no such file; symbolic links are followed.
inline std::optional<FileStamp> stampOf(const std::filesystem::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return std::nullopt;
  return FileStamp{info.st_size,
                   std::int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec};
}

/// Now, on the same clock.
inline std::int64_t nowNs() {
  std::timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace inkling
