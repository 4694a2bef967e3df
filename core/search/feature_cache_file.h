// The SQLite file behind FeatureCache: tables, limit, shrinking, and who may make it anew. Internal
// to core/search. Errors are those of sqlite.h.
//
// entries   content hash and describer's identity, last use, and a checksum of the bytes: SQLite
//           notices broken pages, not flipped bits.
// blobs     the bytes, in a table of their own: going through entries does not drag them along.
//
// Beside it lies NAME.lock. Whoever has the file open holds it shared; making or remaking the file
// takes it alone, since a file must not be exchanged under another process.
//
// The limit counts the file and its write-ahead log. A quarter of it, 64 MiB at most, is for the
// log, which is written back to the file and emptied before it gets longer.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/search/content_hash.h"
#include "core/search/sqlite.h"

namespace inkling {

/// A file that processes hold shared or alone (flock); given back at the end.
class SharedLock {
 public:
  /// Throws OutputError when the file cannot be made.
  explicit SharedLock(const std::filesystem::path& file);
  ~SharedLock();
  SharedLock(const SharedLock&) = delete;
  SharedLock& operator=(const SharedLock&) = delete;

  /// False: others hold it.
  bool takeAlone();
  /// Also from alone to shared. Throws OutputError if somebody holds it alone for too long.
  void takeShared();

 private:
  std::filesystem::path file_;
  int fd_ = -1;
};

class CacheFile {
 public:
  /// Of SQLite's page sizes the smallest with which putting 2 MB is fast: 7.5 ms, 17 ms with its
  /// usual 4096, no better with 65536; see tests/bench/bench_feature_cache.cpp.
  static constexpr std::int64_t kPageSize = 32 * 1024;

  struct Found {
    std::int64_t id = 0;
    std::string bytes;
  };

  /// Opens or makes the file; a damaged one is made anew if nobody else has it open. Throws
  /// DamagedDatabase, OutputError, InputError (of another program, or a newer version).
  static std::unique_ptr<CacheFile> open(const std::filesystem::path& file, std::uint64_t limit);
  /// Removes the file and makes an empty one. Throws OutputError, if others have it open, too.
  static std::unique_ptr<CacheFile> remake(const std::filesystem::path& file, std::uint64_t limit);
  /// Removes the file, unless others have it open. Throws as open() does.
  static void discard(const std::filesystem::path& file);

  /// Of the file and its log; 0 if there is none.
  static std::uint64_t bytesOnDisk(const std::filesystem::path& file);

  /// open() has found a damaged one.
  bool madeAnew() const { return madeAnew_; }
  /// Bytes that insert() takes at most.
  std::uint64_t largest() const;

  /// Throws DamagedDatabase if the bytes are not what was inserted.
  std::optional<Found> find(const ContentHash& photo, std::string_view identity);
  /// Makes room first. What is there already only becomes the newest.
  void insert(const ContentHash& photo, std::string_view identity, std::string_view bytes,
              std::int64_t now);
  /// Entry to time. Entries that are gone are passed over.
  void setUses(const std::map<std::int64_t, std::int64_t>& uses);
  /// Gives up entries and space beyond the limit, for so long at most.
  void shrink(std::chrono::milliseconds time);

 private:
  CacheFile(const std::filesystem::path& file, std::uint64_t limit);
  void connect();
  void makeTables();
  void remakeAlone();
  void removeAlone();
  void beginWithLog(std::optional<Transaction>& transaction, std::uint64_t bytes);
  bool emptyLog();
  void evictFor(std::int64_t pages);
  bool evictOldest();
  std::int64_t pagesInUse();

  SharedLock lock_;  // declared first: given back after the file is closed
  const std::filesystem::path file_;
  const std::uint64_t logLimit_;
  const std::int64_t pageLimit_;
  std::unique_ptr<Database> database_;
  bool madeAnew_ = false;
};

}  // namespace inkling
