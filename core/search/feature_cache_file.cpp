#include "core/search/feature_cache_file.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/path.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// "InkF"
constexpr std::int64_t kApplicationId = 0x496E6B46;
constexpr std::int64_t kVersion = 1;

constexpr std::uint64_t kMostLog = std::uint64_t{64} << 20;
// Pages that an insert changes beside those of the blob: both trees, the index, lists of free
// pages.
constexpr std::int64_t kPagesBeside = 12;
constexpr std::uint64_t kBytesBeside = kPagesBeside * CacheFile::kPageSize;
// Nobody who waits for a photo waits long for the cache.
constexpr int kBusyMilliseconds = 1000;
constexpr std::chrono::milliseconds kLockFor{2000};

constexpr const char* kTables = R"(
CREATE TABLE entries(
  id       INTEGER PRIMARY KEY,
  hash     BLOB NOT NULL,     -- of the photo's content, 16 bytes
  identity TEXT NOT NULL,     -- of the describer
  checksum BLOB NOT NULL,     -- of the blob, 16 bytes
  used_ns  INTEGER NOT NULL,  -- since 1970
  UNIQUE(hash, identity)
);
CREATE INDEX entries_by_use ON entries(used_ns);
CREATE TABLE blobs(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
)";

fs::path logOf(const fs::path& file) { return file.native() + "-wal"; }

std::uint64_t sizeOf(const fs::path& file) {
  std::error_code code;
  const std::uintmax_t size = fs::file_size(file, code);
  return code ? 0 : size;
}

std::uint64_t logLimitOf(std::uint64_t limit) { return std::min(limit / 4, kMostLog); }

}  // namespace

SharedLock::SharedLock(const fs::path& file) : file_(file) {
  std::error_code code;
  fs::create_directories(file.parent_path(), code);
  fd_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd_ >= 0) return;
  fail<OutputError>("{}: cannot be written ({})", displayName(file),
                    std::generic_category().message(errno));
}

SharedLock::~SharedLock() { ::close(fd_); }

bool SharedLock::takeAlone() { return ::flock(fd_, LOCK_EX | LOCK_NB) == 0; }

void SharedLock::takeShared() {
  const Clock::time_point end = Clock::now() + kLockFor;
  while (::flock(fd_, LOCK_SH | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR)
      fail<OutputError>("{}: cannot be locked ({})", displayName(file_),
                        std::generic_category().message(errno));
    if (Clock::now() > end)
      fail<OutputError>("{}: is kept busy by another program", displayName(file_));
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

CacheFile::CacheFile(const fs::path& file, std::uint64_t limit)
    : lock_(file.native() + ".lock"),
      file_(file),
      logLimit_(std::max(logLimitOf(limit), 2 * kBytesBeside)),
      pageLimit_(static_cast<std::int64_t>((limit - logLimitOf(limit)) / kPageSize)) {}

std::unique_ptr<CacheFile> CacheFile::open(const fs::path& file, std::uint64_t limit) {
  std::unique_ptr<CacheFile> cache(new CacheFile(file, limit));
  if (cache->lock_.takeAlone()) {
    try {
      cache->connect();
    } catch (const DamagedDatabase&) {
      cache->remakeAlone();
      cache->madeAnew_ = true;
    }
    cache->lock_.takeShared();
  } else {
    cache->lock_.takeShared();
    cache->connect();
  }
  return cache;
}

std::unique_ptr<CacheFile> CacheFile::remake(const fs::path& file, std::uint64_t limit) {
  std::unique_ptr<CacheFile> cache(new CacheFile(file, limit));
  if (!cache->lock_.takeAlone()) {
    fail<OutputError>("{}: is damaged, and other programs have it open", displayName(file));
  }
  cache->remakeAlone();
  cache->lock_.takeShared();
  return cache;
}

void CacheFile::discard(const fs::path& file) {
  CacheFile cache(file, 0);
  if (!cache.lock_.takeAlone()) return;
  try {
    cache.connect();
  } catch (const DamagedDatabase&) {
    // So it is not another program's.
  }
  cache.removeAlone();
}

void CacheFile::remakeAlone() {
  removeAlone();
  connect();
}

void CacheFile::removeAlone() {
  database_.reset();
  std::error_code code;
  for (const char* end : {"", "-wal", "-shm"}) {
    fs::remove(file_.native() + end, code);
    if (code) fail<OutputError>("{}: cannot be removed ({})", displayName(file_), code.message());
  }
}

void CacheFile::connect() {
  database_ = std::make_unique<Database>(file_, Database::Mode::create);
  database_->run(fmt::format("PRAGMA busy_timeout = {}", kBusyMilliseconds).c_str());
  const std::int64_t application = database_->integer("PRAGMA application_id");
  const std::int64_t version = database_->integer("PRAGMA user_version");
  const bool empty = database_->integer("SELECT count(*) FROM sqlite_schema") == 0;
  if (application != kApplicationId && (application != 0 || !empty))
    fail<InputError>("{}: is a database of another program", displayName(file_));
  if (version > kVersion)
    fail<InputError>("{}: was written by a newer Inkling", displayName(file_));
  if (empty) makeTables();
  // NORMAL: losing power may lose the last entries, never the file. The log is emptied by hand.
  database_->run(fmt::format("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;"
                             "PRAGMA max_page_count = {}",
                             std::max<std::int64_t>(pageLimit_, 1))
                     .c_str());
}

void CacheFile::makeTables() {
  database_->run(fmt::format("PRAGMA page_size = {}; PRAGMA auto_vacuum = INCREMENTAL;"
                             "PRAGMA journal_mode = WAL",
                             kPageSize)
                     .c_str());
  Transaction transaction(*database_);
  database_->run(kTables);
  database_->run(
      fmt::format("PRAGMA user_version = {}; PRAGMA application_id = {}", kVersion, kApplicationId)
          .c_str());
  transaction.commit();
}

std::uint64_t CacheFile::bytesOnDisk(const fs::path& file) {
  return sizeOf(file) + sizeOf(logOf(file));
}

std::uint64_t CacheFile::largest() const {
  const auto file = static_cast<std::uint64_t>(pageLimit_ * kPageSize);
  return std::min(logLimit_, file) - std::min(std::min(logLimit_, file), kBytesBeside);
}

std::optional<CacheFile::Found> CacheFile::find(const ContentHash& photo,
                                                std::string_view identity) {
  Statement select(*database_,
                   "SELECT id, checksum, bytes FROM entries JOIN blobs USING(id)"
                   " WHERE hash = ? AND identity = ?");
  select.bindBlob(1, photo.bytes()).bindText(2, identity);
  if (!select.step()) return std::nullopt;
  Found found{select.integer(0), select.bytes(2)};
  if (ContentHash::fromBytes(select.bytes(1)) != hashBytes(found.bytes))
    fail<DamagedDatabase>("{}: an entry is damaged", displayName(file_));
  return found;
}

void CacheFile::insert(const ContentHash& photo, std::string_view identity, std::string_view bytes,
                       std::int64_t now) {
  std::optional<Transaction> transaction;
  beginWithLog(transaction, bytes.size() + kBytesBeside);
  Statement newest(*database_, "UPDATE entries SET used_ns = ? WHERE hash = ? AND identity = ?");
  newest.bind(1, now).bindBlob(2, photo.bytes()).bindText(3, identity).run();
  if (database_->changedRows() == 0) {
    const auto size = static_cast<std::int64_t>(bytes.size());
    evictFor(size / (kPageSize - 4) + kPagesBeside);
    Statement entry(*database_,
                    "INSERT INTO entries(hash, identity, checksum, used_ns) VALUES(?, ?, ?, ?)");
    entry.bindBlob(1, photo.bytes()).bindText(2, identity);
    entry.bindBlob(3, hashBytes(bytes).bytes()).bind(4, now).run();
    Statement blob(*database_, "INSERT INTO blobs VALUES(?, ?)");
    blob.bind(1, database_->lastRowId()).bindBlob(2, bytes).run();
  }
  transaction->commit();
}

void CacheFile::setUses(const std::map<std::int64_t, std::int64_t>& uses) {
  // Each may lie on pages of its own, in the table and in the index.
  std::optional<Transaction> transaction;
  beginWithLog(transaction, uses.size() * 3 * kPageSize);
  Statement use(*database_, "UPDATE entries SET used_ns = max(used_ns, ?) WHERE id = ?");
  for (const auto& [id, time] : uses) use.bind(1, time).bind(2, id).run();
  transaction->commit();
}

void CacheFile::shrink(std::chrono::milliseconds time) {
  const Clock::time_point end = Clock::now() + time;
  // A page that moves is written, and so is the one that points to it.
  const auto step = static_cast<std::int64_t>(logLimit_ / 4 / kPageSize);
  for (;;) {
    const std::int64_t beyond = database_->integer("PRAGMA page_count") - pageLimit_;
    if (beyond <= 0) return;
    std::optional<Transaction> transaction;
    beginWithLog(transaction, logLimit_);
    while (pagesInUse() > pageLimit_ && database_->integer("PRAGMA freelist_count") < step) {
      if (!evictOldest()) break;
    }
    const std::int64_t pages =
        std::min({step, beyond, database_->integer("PRAGMA freelist_count")});
    if (pages > 0) database_->run(fmt::format("PRAGMA incremental_vacuum({})", pages).c_str());
    transaction->commit();
    emptyLog();  // so that the file gets shorter
    if (pages == 0 || Clock::now() > end) return;
  }
}

// Begins once the log has room for so many bytes. Others may fill it before it is our turn.
void CacheFile::beginWithLog(std::optional<Transaction>& transaction, std::uint64_t bytes) {
  const std::uint64_t most = logLimit_ - std::min(bytes, logLimit_);
  const Clock::time_point end = Clock::now() + std::chrono::milliseconds(kBusyMilliseconds);
  do {
    if (sizeOf(logOf(file_)) > most && !emptyLog()) continue;
    transaction.emplace(*database_);
    if (sizeOf(logOf(file_)) <= most) return;
    transaction.reset();
  } while (Clock::now() < end);
  fail<OutputError>("{}: is kept busy by another program", displayName(file_));
}

// Moves what is in the log into the file. False: another program is just doing that, for which
// SQLite does not wait, or reads in the log for long.
bool CacheFile::emptyLog() {
  if (database_->integer("PRAGMA wal_checkpoint(TRUNCATE)") == 0) return true;
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return false;
}

std::int64_t CacheFile::pagesInUse() {
  return database_->integer("PRAGMA page_count") - database_->integer("PRAGMA freelist_count");
}

void CacheFile::evictFor(std::int64_t pages) {
  while (pagesInUse() + pages > pageLimit_ && evictOldest()) {
  }
}

bool CacheFile::evictOldest() {
  const std::int64_t id = database_->integer("SELECT id FROM entries ORDER BY used_ns, id LIMIT 1");
  if (id == 0) return false;
  Statement entry(*database_, "DELETE FROM entries WHERE id = ?");
  entry.bind(1, id).run();
  Statement blob(*database_, "DELETE FROM blobs WHERE id = ?");
  blob.bind(1, id).run();
  return true;
}

}  // namespace inkling
