// A file of lines that is only ever appended to. Internal to core/exporting, part of JobFolder.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "core/exporting/job_folder.h"

namespace inkling {

/// Each line carries its checksum (CRC-32, eight digits in front). A line that was torn by the end
/// of a process, and all behind it, counts as not written.
class JobFolder::Journal {
 public:
  /// Opens or makes the file. Throws OutputError, or InputError when it is only to be read.
  Journal(std::filesystem::path file, bool writable);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// All whole lines with their places; cuts off what comes behind them (if writable).
  void read(const std::function<void(std::string_view line, std::uint64_t offset)>& take);

  /// Adds a line and returns its place. Every few seconds the file is brought to the disk. Throws
  /// OutputError (full disk); the file is then as it was before.
  std::uint64_t append(std::string_view line);
  std::string line(std::uint64_t offset, std::size_t bytes) const;
  void sync();

 private:
  const std::filesystem::path file_;
  const bool writable_;
  int fd_ = -1;
  std::uint64_t size_ = 0;
  std::chrono::steady_clock::time_point synced_ = std::chrono::steady_clock::now();
};

}  // namespace inkling
