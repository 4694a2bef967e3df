// The catalogue of an indexed folder: which photos it has and what a describer said of each.
//
//   Catalogue catalogue = Catalogue::forIndexing(cataloguePlace(folder), folder);
//   if (catalogue.setAside()) tell("the broken catalogue is now " + ...);
//   updateCatalogue(catalogue);                         // catalogue_update.h: what is there now?
//   describePhotos(catalogue, describer);               // photo_indexer.h: describe what is new
//
//   Catalogue catalogue = Catalogue::forReading(*existingCatalogue(folder));
//   catalogue.forEachPhoto([&](const PhotoEntry& photo) { ... });
//
// It is one SQLite file (write-ahead log, schema version in user_version; see catalogue_schema.h)
// that one process changes and any number of processes read at the same time without waiting.
// Killing the process that writes loses at most what was not committed yet: a photo in hand.
// A Catalogue belongs to one thread at a time; other threads open their own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/file_lock.h"
#include "core/search/content_hash.h"
#include "core/search/sqlite.h"

namespace inkling {

enum class PhotoState { waiting = 0, described = 1, failed = 2 };

/// What the catalogue knows of a photo. The content behind an `id` never changes: an edited photo
/// gets another id, a moved one keeps it.
struct PhotoEntry {
  std::int64_t id = 0;
  std::filesystem::path path;  ///< below the folder; any bytes
  std::uint64_t bytes = 0;
  std::int64_t modifiedNs = 0;      ///< since 1970
  std::optional<ContentHash> hash;  ///< known when described, failed, or once in doubt
  int width = 0, height = 0;        ///< as shown, pixels; 0 until described
  int orientation = 1;              ///< EXIF 1..8
  PhotoState state = PhotoState::waiting;
  std::string error;          ///< why it failed
  std::string describedWith;  ///< PhotoDescriber::identity() of who described it or failed to
  bool gone = false;          ///< the file is missing, the description is kept for a while
  std::int64_t revision = 0;  ///< of the catalogue at the last change to this entry
};

/// Whether `file` has the size and time that the catalogue knows, so that it need not be read
/// again. False where there is no such file.
bool isUnchanged(const PhotoEntry& entry, const std::filesystem::path& file);

/// How many photos of the folder are in each state; those that are gone count only as such.
struct CatalogueCounts {
  std::int64_t waiting = 0, described = 0, failed = 0, gone = 0;
  std::int64_t photos() const { return waiting + described + failed; }
};

/// How closely a catalogue is looked at before it is changed. Beyond 64 MiB the usual look leaves
/// out the features; should reading these throw DamagedDatabase later, open it with `whole`.
enum class CatalogueCheck { usual, whole };

class Catalogue {
 public:
  /// Opens or creates the catalogue of `folder` in `file`, brings an older one up to date and takes
  /// the indexer's lock until the end. A damaged file whose name ends with .sqlite is set aside and
  /// an empty catalogue made in its place: see setAside().
  /// Throws InputError (newer version, not a catalogue, `folder` is none), OutputError (cannot be
  /// written, or another process is indexing), UsageError (it is the catalogue of another folder).
  static Catalogue forIndexing(const std::filesystem::path& file,
                               const std::filesystem::path& folder,
                               CatalogueCheck check = CatalogueCheck::usual);

  /// Opens an existing catalogue without changing it. `folder` empty: the one it was made for.
  /// Throws InputError: missing, damaged (DamagedDatabase), another version.
  static Catalogue forReading(const std::filesystem::path& file,
                              const std::filesystem::path& folder = {});

  /// The root of all paths, absolute.
  const std::filesystem::path& folder() const { return folder_; }
  const std::filesystem::path& file() const { return database_->file(); }
  /// The name under which a damaged predecessor was set aside by forIndexing().
  const std::optional<std::filesystem::path>& setAside() const { return setAside_; }

  CatalogueCounts counts() const;
  /// The photo at this path below the folder.
  std::optional<PhotoEntry> photo(const std::filesystem::path& path) const;
  std::optional<PhotoEntry> photo(std::int64_t id) const;
  /// Photos that are there, by id; start with 0. Pages keep memory flat and writers unhindered.
  std::vector<PhotoEntry> photosAfter(std::int64_t id, int limit) const;
  /// All of these, page by page.
  void forEachPhoto(const std::function<void(const PhotoEntry&)>& take) const;
  /// What the describer said of a photo; nothing unless it is described.
  std::optional<std::string> features(std::int64_t id) const;

  /// Tells this catalogue from any other, also from one that was made anew in the same file.
  std::string birth() const;

  /// features() of many photos, several times as fast.
  class FeatureReader {
   public:
    explicit FeatureReader(const Catalogue& catalogue);
    std::optional<std::string> read(std::int64_t id);

   private:
    Statement rows_;
  };

  /// Grows with every change. Whoever derives something (a region index) remembers the revision it
  /// was made for, and fetches what has changed since, gone photos included, in the order of
  /// (revision, id). Photos deleted for good have been reported as gone before, unless they were
  /// described with another model, for which one starts over anyway: with (0, 0).
  std::int64_t revision() const;
  std::vector<PhotoEntry> changedSince(std::int64_t revision, std::int64_t id, int limit) const;

  /// While one lives, the catalogue is read as it was when it was made, whatever others write. Not
  /// to be nested, and nothing can be written meanwhile from this Catalogue.
  class Snapshot {
   public:
    explicit Snapshot(const Catalogue& catalogue);
    ~Snapshot();
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

   private:
    Database& database_;
  };

  /// Reads every page of the file. "ok", or what is wrong with it.
  std::string check() const;

  /// For the files of core/search that change the catalogue.
  Database& database() const { return *database_; }

 private:
  Catalogue() = default;
  void openForIndexing(const std::filesystem::path& file, CatalogueCheck check);
  void adoptFolder(const std::filesystem::path& folder);

  std::unique_ptr<FileLock> lock_;  // declared first: given back after the file is closed
  std::unique_ptr<Database> database_;
  std::filesystem::path folder_;
  std::optional<std::filesystem::path> setAside_;
};

/// Changes to a catalogue in transactions of up to `size` changes, each with a revision of its own.
/// What was not committed when the scope is left is undone.
class CatalogueWriter {
 public:
  explicit CatalogueWriter(Catalogue& catalogue, int size = 1);
  /// Call before every change: begins a transaction if there is none. The revision is for the rows.
  std::int64_t begin();
  /// Call after every change: commits when the transaction is full.
  void end();
  void commit();

 private:
  Database& database_;
  Statement bump_;
  std::optional<Transaction> transaction_;
  std::int64_t revision_ = 0;
  int size_, pending_ = 0;
};

}  // namespace inkling
