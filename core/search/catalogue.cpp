#include "core/search/catalogue.h"

#include <algorithm>
#include <system_error>

#include "core/base/file_stamp.h"
#include "core/base/path.h"
#include "core/search/catalogue_place.h"
#include "core/search/catalogue_schema.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

// Larger files are checked without their blobs, which would take seconds at every start.
constexpr std::uintmax_t kWholeCheckBytes = std::uintmax_t{64} << 20;

constexpr const char* kColumns =
    "SELECT id, path, bytes, modified_ns, hash, width, height, orientation, state, error,"
    " described_with, gone_ns, revision FROM photos ";

PhotoEntry entryOf(const Statement& row) {
  PhotoEntry entry;
  entry.id = row.integer(0);
  entry.path = fs::path(row.bytes(1));
  entry.bytes = static_cast<std::uint64_t>(row.integer(2));
  entry.modifiedNs = row.integer(3);
  if (!row.isNull(4)) entry.hash = ContentHash::fromBytes(row.bytes(4));
  entry.width = static_cast<int>(row.integer(5));
  entry.height = static_cast<int>(row.integer(6));
  entry.orientation = static_cast<int>(row.integer(7));
  entry.state = static_cast<PhotoState>(row.integer(8));
  entry.error = row.bytes(9);
  entry.describedWith = row.bytes(10);
  entry.gone = !row.isNull(11);
  entry.revision = row.integer(12);
  return entry;
}

std::vector<PhotoEntry> entriesOf(Statement& statement) {
  std::vector<PhotoEntry> entries;
  while (statement.step()) entries.push_back(entryOf(statement));
  return entries;
}

std::optional<PhotoEntry> firstOf(Statement& statement) {
  if (!statement.step()) return std::nullopt;
  return entryOf(statement);
}

void requireWholeness(Database& database, CatalogueCheck check) {
  std::error_code ignored;
  const bool whole =
      check == CatalogueCheck::whole || fs::file_size(database.file(), ignored) <= kWholeCheckBytes;
  const std::string verdict =
      database.text(whole ? "PRAGMA quick_check(1)" : "PRAGMA quick_check('photos')");
  if (verdict != "ok") {
    fail<DamagedDatabase>("{}: the catalogue is damaged ({})", displayName(database.file()),
                          verdict);
  }
}

std::unique_ptr<Database> openedForIndexing(const fs::path& file, CatalogueCheck check) {
  auto database = std::make_unique<Database>(file, Database::Mode::create);
  // Asked before anything is written: what is not ours stays as it is.
  migrate(*database);
  requireWholeness(*database, check);
  // NORMAL: losing power may lose the last photos, never the catalogue; killing loses nothing.
  database->run(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;"
      "PRAGMA journal_size_limit = 67108864");
  return database;
}

}  // namespace

bool isUnchanged(const PhotoEntry& entry, const fs::path& file) {
  const std::optional<FileStamp> stamp = stampOf(file);
  return stamp && *stamp == FileStamp{static_cast<std::int64_t>(entry.bytes), entry.modifiedNs};
}

Catalogue Catalogue::forIndexing(const fs::path& file, const fs::path& folder,
                                 CatalogueCheck check) {
  const fs::path root = canonicalFolder(folder);
  std::error_code error;
  const fs::path parent = fs::absolute(file).parent_path();
  fs::create_directories(parent, error);
  if (error)
    fail<OutputError>("{}: cannot create the folder ({})", displayName(parent), error.message());
  Catalogue catalogue;
  fs::path lock = fs::absolute(file);
  lock.replace_extension(".lock");
  catalogue.lock_ = std::make_unique<FileLock>(lock, displayName(fs::absolute(file)),
                                               "is already indexing into this catalogue");
  catalogue.openForIndexing(file, check);
  catalogue.adoptFolder(root);
  return catalogue;
}

void Catalogue::openForIndexing(const fs::path& file, CatalogueCheck check) {
  try {
    database_ = openedForIndexing(file, check);
  } catch (const DamagedDatabase&) {
    // A mistyped --catalogue photo.jpg is no broken catalogue and stays where it is.
    if (lowerExtension(file) != ".sqlite") throw;
    setAside_ = setCatalogueAside(fs::absolute(file));
    database_ = openedForIndexing(file, check);
  }
}

void Catalogue::adoptFolder(const fs::path& folder) {
  folder_ = folder;
  const fs::path before = database_->text("SELECT value FROM meta WHERE key = 'folder'");
  if (before == folder) return;
  // A catalogue beside its photos may have been moved or copied with them.
  const bool beside = fs::canonical(file()).native().starts_with((folder / "").native());
  std::error_code ignored;
  if (!before.empty() && !beside && fs::is_directory(before, ignored)) {
    fail<UsageError>("{}: is the catalogue of {}; give {} another one", displayName(file()),
                     displayName(before), displayName(folder));
  }
  Statement(*database_, "INSERT OR REPLACE INTO meta VALUES('folder', ?)")
      .bindBlob(1, folder.native())
      .run();
}

Catalogue Catalogue::forReading(const fs::path& file, const fs::path& folder) {
  Catalogue catalogue;
  catalogue.database_ = std::make_unique<Database>(file, Database::Mode::read);
  requireCurrentVersion(*catalogue.database_);
  catalogue.folder_ =
      folder.empty()
          ? fs::path(catalogue.database_->text("SELECT value FROM meta WHERE key = 'folder'"))
          : canonicalFolder(folder);
  return catalogue;
}

CatalogueCounts Catalogue::counts() const {
  CatalogueCounts counts;
  Statement rows(*database_,
                 "SELECT gone_ns IS NOT NULL, state, count(*) FROM photos GROUP BY 1, 2");
  while (rows.step()) {
    const std::int64_t count = rows.integer(2);
    if (rows.integer(0) != 0) {
      counts.gone += count;
    } else {
      const auto state = static_cast<PhotoState>(rows.integer(1));
      (state == PhotoState::waiting     ? counts.waiting
       : state == PhotoState::described ? counts.described
                                        : counts.failed) += count;
    }
  }
  return counts;
}

std::optional<PhotoEntry> Catalogue::photo(const fs::path& path) const {
  Statement rows(*database_, std::string(kColumns) + "WHERE path = ? AND gone_ns IS NULL");
  rows.bindBlob(1, path.native());
  return firstOf(rows);
}

std::optional<PhotoEntry> Catalogue::photo(std::int64_t id) const {
  Statement rows(*database_, std::string(kColumns) + "WHERE id = ?");
  rows.bind(1, id);
  return firstOf(rows);
}

std::vector<PhotoEntry> Catalogue::photosAfter(std::int64_t id, int limit) const {
  Statement rows(*database_,
                 std::string(kColumns) + "WHERE id > ? AND gone_ns IS NULL ORDER BY id LIMIT ?");
  rows.bind(1, id).bind(2, limit);
  return entriesOf(rows);
}

void Catalogue::forEachPhoto(const std::function<void(const PhotoEntry&)>& take) const {
  constexpr int kPage = 1000;
  for (auto page = photosAfter(0, kPage); !page.empty(); page = photosAfter(page.back().id, kPage))
    std::ranges::for_each(page, take);
}

std::optional<std::string> Catalogue::features(std::int64_t id) const {
  return FeatureReader(*this).read(id);
}

Catalogue::FeatureReader::FeatureReader(const Catalogue& catalogue)
    : rows_(catalogue.database(),
            "SELECT blob FROM features JOIN photos ON id = photo_id"
            " WHERE photo_id = ? AND state = 1") {}

std::optional<std::string> Catalogue::FeatureReader::read(std::int64_t id) {
  rows_.bind(1, id);
  if (!rows_.step()) return std::nullopt;
  std::string bytes = rows_.bytes(0);
  rows_.reset();
  return bytes;
}

std::string Catalogue::birth() const {
  return database_->text("SELECT value FROM meta WHERE key = 'birth'");
}

std::int64_t Catalogue::revision() const {
  return database_->integer("SELECT value FROM meta WHERE key = 'revision'");
}

std::vector<PhotoEntry> Catalogue::changedSince(std::int64_t revision, std::int64_t id,
                                                int limit) const {
  Statement rows(*database_, std::string(kColumns) +
                                 "WHERE (revision, id) > (?, ?) ORDER BY revision, id LIMIT ?");
  rows.bind(1, revision).bind(2, id).bind(3, limit);
  return entriesOf(rows);
}

Catalogue::Snapshot::Snapshot(const Catalogue& catalogue) : database_(catalogue.database()) {
  database_.run("BEGIN");
  catalogue.revision();  // SQLite takes the snapshot at the first read
}

Catalogue::Snapshot::~Snapshot() {
  try {
    database_.run("COMMIT");
  } catch (const Error&) {
    // A transaction that only read has nothing to lose.
  }
}

std::string Catalogue::check() const {
  try {
    return database_->text("PRAGMA quick_check(1)");
  } catch (const DamagedDatabase& error) {
    return error.what();
  }
}

CatalogueWriter::CatalogueWriter(Catalogue& catalogue, int size)
    : database_(catalogue.database()),
      bump_(database_, "UPDATE meta SET value = value + 1 WHERE key = 'revision' RETURNING value"),
      size_(size) {}

std::int64_t CatalogueWriter::begin() {
  if (transaction_) return revision_;
  transaction_.emplace(database_);
  while (bump_.step()) revision_ = bump_.integer(0);
  return revision_;
}

void CatalogueWriter::end() {
  if (++pending_ >= size_) commit();
}

void CatalogueWriter::commit() {
  if (transaction_) transaction_->commit();
  transaction_.reset();
  pending_ = 0;
}

}  // namespace inkling
