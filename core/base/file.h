// Reading whole files and writing them atomically.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace inkling {

/// The whole content of a file. Throws InputError naming the file: missing, a folder, unreadable,
/// or longer than `maxBytes` (a guard against swallowing a disk image by mistake).
std::string readFile(const std::filesystem::path& path,
                     std::uint64_t maxBytes = std::uint64_t{4} << 30);

/// As readFile, and inflates the content if it is gzip (by its first two bytes, whatever the name
/// says).
std::string readMaybeGzip(const std::filesystem::path& path,
                          std::uint64_t maxBytes = std::uint64_t{4} << 30);

/// Writes `content` beside `path` under a temporary name, flushes it to the disk and renames it
/// over `path`, so that a reader sees the old file or the whole new one, and a crash leaves no half
/// file. Creates missing parent folders. Throws OutputError naming the file and the reason.
void writeFileAtomically(const std::filesystem::path& path, std::string_view content);

/// The same for a file that is written piece by piece and need not fit into memory:
///
///   AtomicFile file(path);
///   for (...) file.write(line);
///   file.commit();  // without it, the old file stays and nothing is left behind
class AtomicFile {
 public:
  /// Throws OutputError.
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Throws OutputError when the disk is full, or after commit().
  void write(std::string_view content);
  /// Flushes to the disk and gives the file its name. Throws OutputError; then nothing is left
  /// behind.
  void commit();

 private:
  void flush();

  std::filesystem::path path_;
  std::string temporary_;
  std::string buffer_;
  int fd_ = -1;
};

/// Creates `folder` (and parents) if missing and proves that files can be written in it, before any
/// work is done. Throws OutputError.
void requireWritableFolder(const std::filesystem::path& folder);

/// A read-only file mapped into memory: the pages come from the disk when they are touched.
class MappedFile {
 public:
  /// Throws InputError naming the file.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const { return {data_, size_}; }

 private:
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace inkling
