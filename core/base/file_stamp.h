// What tells without reading it whether a file may have changed.
//
//   const auto before = stampOf(photo);
//   ... work with the file ...
//   if (stampOf(photo) != before) the work was in vain;
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace inkling {

struct FileStamp {
  std::int64_t bytes = 0;
  std::int64_t modifiedNs = 0;  ///< since 1970
  bool operator==(const FileStamp&) const = default;
};

/// None if there is no such file; symbolic links are followed.
std::optional<FileStamp> stampOf(const std::filesystem::path& file);

/// Now, on the same clock.
std::int64_t nowNs();

}  // namespace inkling
