#include "core/search/catalogue_schema.h"

#include <string>

#include "core/base/path.h"

namespace inkling {
namespace {

constexpr const char* kVersion1 = R"(
CREATE TABLE photos(
  id             INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice: other files refer to it
  path           BLOB NOT NULL,               -- below the folder; bytes, as on the disk
  bytes          INTEGER NOT NULL,            -- size of the file
  modified_ns    INTEGER NOT NULL,            -- since 1970
  hash           BLOB,                        -- 16 bytes, NULL until it is needed
  width          INTEGER NOT NULL DEFAULT 0,  -- as shown, pixels
  height         INTEGER NOT NULL DEFAULT 0,
  orientation    INTEGER NOT NULL DEFAULT 1,  -- EXIF 1..8
  state          INTEGER NOT NULL DEFAULT 0,  -- 0 waiting, 1 described, 2 failed
  error          TEXT NOT NULL DEFAULT '',
  described_with TEXT NOT NULL DEFAULT '',    -- identity of the describer
  gone_ns        INTEGER,                     -- since when the file is missing; NULL: it is there
  revision       INTEGER NOT NULL             -- of the last change to this row
);
CREATE UNIQUE INDEX photos_by_path ON photos(path) WHERE gone_ns IS NULL;
CREATE INDEX photos_gone_by_path ON photos(path) WHERE gone_ns IS NOT NULL;
CREATE INDEX photos_gone_by_content ON photos(bytes, hash) WHERE gone_ns IS NOT NULL;
CREATE INDEX photos_by_content ON photos(bytes, hash) WHERE hash IS NOT NULL;
CREATE INDEX photos_waiting ON photos(id) WHERE state = 0 AND gone_ns IS NULL;
CREATE INDEX photos_by_revision ON photos(revision, id);
CREATE TABLE features(
  photo_id INTEGER PRIMARY KEY REFERENCES photos(id) ON DELETE CASCADE,
  blob     BLOB NOT NULL
);
CREATE TABLE meta(key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES('revision', 0);
)";

constexpr const char* kVersion2 = R"(
INSERT INTO meta VALUES('birth', lower(hex(randomblob(16))));
)";

constexpr const char* kMigrations[] = {kVersion1, kVersion2};

// The version, after making sure that this is a catalogue and not from the future.
std::int64_t checkedVersion(Database& database, std::size_t newest) {
  const std::int64_t version = database.integer("PRAGMA user_version");
  const std::int64_t application = database.integer("PRAGMA application_id");
  const bool empty = database.integer("SELECT count(*) FROM sqlite_schema") == 0;
  const std::string name = displayName(database.file());
  if (application != kCatalogueApplicationId && (application != 0 || !empty))
    fail<InputError>("{}: is a database of another program, not a catalogue", name);
  if (version > static_cast<std::int64_t>(newest)) {
    fail<InputError>("{}: was written by a newer Inkling (catalogue version {}, this one knows {})",
                     name, version, newest);
  }
  return version;
}

}  // namespace

std::span<const char* const> catalogueMigrations() { return kMigrations; }

void migrate(Database& database, std::span<const char* const> steps) {
  for (auto version = static_cast<std::size_t>(checkedVersion(database, steps.size()));
       version < steps.size(); ++version) {
    Transaction transaction(database);
    database.run(steps[version]);
    database.run(fmt::format("PRAGMA user_version = {}; PRAGMA application_id = {}", version + 1,
                             kCatalogueApplicationId)
                     .c_str());
    transaction.commit();
  }
}

void requireCurrentVersion(Database& database) {
  const std::size_t newest = catalogueMigrations().size();
  if (checkedVersion(database, newest) < static_cast<std::int64_t>(newest)) {
    fail<InputError>("{}: was written by an older Inkling; index the folder once to renew it",
                     displayName(database.file()));
  }
}

}  // namespace inkling
