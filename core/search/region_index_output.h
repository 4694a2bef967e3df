// Files that are written piece by piece: one that takes its place only when it is finished, and
// scratch files that vanish with the process. Internal to core/search/region_index*.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace inkling {

/// A file open for writing. Errors are OutputErrors that name `shown`.
class OpenFile {
 public:
  /// Takes over the descriptor; a negative one is an error (by errno).
  OpenFile(int descriptor, std::filesystem::path shown);
  ~OpenFile();
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  void writeAt(std::uint64_t offset, std::span<const std::byte> bytes);
  /// Whole or OutputError: the file was just written by us.
  void readAt(std::uint64_t offset, std::span<std::byte> bytes) const;
  void resize(std::uint64_t bytes);
  void flushToDisk();

 private:
  [[noreturn]] void failed() const;
  int descriptor_;
  std::filesystem::path shown_;
};

/// Collects small pieces and writes them in large ones, one after another from `offset` on.
class Appender {
 public:
  explicit Appender(OpenFile& file, std::uint64_t offset = 0);
  void append(std::span<const std::byte> bytes);
  template <typename T>
  void append(const T& value) {
    append(std::as_bytes(std::span(&value, 1)));
  }
  void flush();
  /// Where the next piece lands.
  std::uint64_t position() const { return offset_ + buffer_.size(); }

 private:
  OpenFile& file_;
  std::uint64_t offset_;
  std::vector<std::byte> buffer_;
};

/// Becomes `path` when commit() is called, and before that is `path` with ".part" added, which is
/// removed when nothing comes of it. One process at a time.
class ReplacementFile {
 public:
  /// Creates missing parent folders. Throws OutputError naming `path`.
  explicit ReplacementFile(const std::filesystem::path& path);
  ~ReplacementFile();
  ReplacementFile(const ReplacementFile&) = delete;
  ReplacementFile& operator=(const ReplacementFile&) = delete;

  OpenFile& file() { return file_; }
  /// Where it is until then.
  const std::filesystem::path& part() const { return part_; }
  void commit();

 private:
  std::filesystem::path path_, part_;
  OpenFile file_;
  bool committed_ = false;
};

/// A nameless file beside `path`. The disk gets it back when it is closed, however that happens.
class ScratchFile : public OpenFile {
 public:
  explicit ScratchFile(const std::filesystem::path& path);
};

}  // namespace inkling
