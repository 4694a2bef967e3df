#include "core/search/catalogue_update.h"

#include <optional>
#include <string_view>

#include "core/base/file_stamp.h"
#include "core/base/file_walk.h"
#include "core/base/path.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

constexpr int kChangesPerTransaction = 1000;
constexpr int kProgressEvery = 256;

// Ids in a bit each: they are handed out in a row.
class IdSet {
 public:
  void add(std::int64_t id) {
    const auto i = static_cast<std::size_t>(id);
    if (i >= bits_.size()) bits_.resize(i + i / 2 + 64);
    bits_[i] = true;
  }
  bool has(std::int64_t id) const {
    return static_cast<std::size_t>(id) < bits_.size() && bits_[static_cast<std::size_t>(id)];
  }

 private:
  std::vector<bool> bits_;
};

struct KnownPhoto {
  std::int64_t id = 0;
  FileStamp stamp;
  std::optional<ContentHash> hash;
};

struct FreshPhoto {
  std::int64_t id = 0;
  std::string path;
  std::optional<ContentHash> hash;
};

class Update {
 public:
  Update(Catalogue& catalogue, const CancellationToken& token, const ProgressCallback& progress,
         const UpdateOptions& options)
      : catalogue_(catalogue), token_(token), progress_(progress), options_(options) {}

  CatalogueChanges run() {
    visitFiles(catalogue_.folder(), options_.extensions, token_,
               [&](const fs::path& file) { visit(file); });
    if (!token_.cancelled()) retireUnseen();
    if (!token_.cancelled()) recogniseMoved();
    if (!token_.cancelled()) forgetLongGone();
    writer_.commit();
    changes_.finished = !token_.cancelled();
    return changes_;
  }

 private:
  void visit(const fs::path& file);
  void visitKnown(const fs::path& file, const FileStamp& stamp, const KnownPhoto& known);
  bool bringBack(const std::string& path, const FileStamp& stamp);
  std::int64_t insert(const std::string& path, const FileStamp& stamp,
                      const std::optional<ContentHash>& hash);
  void retire(std::int64_t id);
  void retireUnseen();
  void recogniseMoved();
  void moveIfKnown(const FreshPhoto& fresh);
  void countMove(std::int64_t fresh, std::int64_t known);
  void forgetLongGone();
  void tellProgress(const fs::path& file);
  void tellReading(const fs::path& file);
  std::optional<ContentHash> hashOf(const fs::path& file) const;

  Database& database() { return catalogue_.database(); }

  Catalogue& catalogue_;
  const CancellationToken& token_;
  const ProgressCallback& progress_;
  const UpdateOptions& options_;
  const std::int64_t now_ = nowNs();
  const std::size_t prefix_ = (catalogue_.folder() / "").native().size();

  Statement find_{database(),
                  "SELECT id, bytes, modified_ns, hash FROM photos"
                  " WHERE path = ? AND gone_ns IS NULL"};
  Statement findGone_{database(),
                      "SELECT id FROM photos WHERE path = ? AND gone_ns IS NOT NULL"
                      " AND bytes = ? AND modified_ns = ?"};
  Statement insert_{database(),
                    "INSERT INTO photos(path, bytes, modified_ns, hash, revision)"
                    " VALUES(?, ?, ?, ?, ?)"};
  Statement touch_{database(), "UPDATE photos SET modified_ns = ?, revision = ? WHERE id = ?"};
  Statement setHash_{database(), "UPDATE photos SET hash = ? WHERE id = ?"};
  Statement bringBack_{database(), "UPDATE photos SET gone_ns = NULL, revision = ? WHERE id = ?"};
  Statement keepGone_{database(),
                      "UPDATE photos SET gone_ns = ?, revision = ? WHERE id = ? AND state = 1"};
  Statement delete_{database(), "DELETE FROM photos WHERE id = ?"};
  Statement move_{database(),
                  "UPDATE photos SET path = ?, modified_ns = ?, gone_ns = NULL, revision = ?"
                  " WHERE id = ?"};
  Statement findContent_{database(),
                         "SELECT id FROM photos INDEXED BY photos_gone_by_content"
                         " WHERE bytes = ? AND hash = ? AND gone_ns IS NOT NULL LIMIT 1"};
  CatalogueWriter writer_{catalogue_, kChangesPerTransaction};

  IdSet seen_, addedIds_, changedIds_, removedIds_;
  CatalogueChanges changes_;
  std::int64_t visited_ = 0, read_ = 0;
};

void Update::visit(const fs::path& file) {
  tellProgress(file);
  const std::optional<FileStamp> stamp = stampOf(file);
  if (!stamp) return;  // deleted while we looked
  const std::string path = file.native().substr(prefix_);
  find_.bindBlob(1, path);
  if (find_.step()) {
    KnownPhoto known{find_.integer(0), {find_.integer(1), find_.integer(2)}, std::nullopt};
    if (!find_.isNull(3)) known.hash = ContentHash::fromBytes(find_.bytes(3));
    find_.reset();
    visitKnown(file, *stamp, known);
  } else if (!bringBack(path, *stamp)) {
    const std::int64_t id = insert(path, *stamp, std::nullopt);
    addedIds_.add(id);
    ++changes_.added;
  }
}

void Update::visitKnown(const fs::path& file, const FileStamp& stamp, const KnownPhoto& known) {
  if (known.stamp == stamp) {
    seen_.add(known.id);
    ++changes_.unchanged;
    return;
  }
  std::optional<ContentHash> hash;
  if (known.hash && known.stamp.bytes == stamp.bytes) {
    hash = hashOf(file);
    if (hash == known.hash) {
      const std::int64_t revision = writer_.begin();
      touch_.bind(1, stamp.modifiedNs).bind(2, revision).bind(3, known.id).run();
      writer_.end();
      seen_.add(known.id);
      ++changes_.unchanged;
      return;
    }
  }
  retire(known.id);
  const std::int64_t id = insert(file.native().substr(prefix_), stamp, hash);
  changedIds_.add(id);
  ++changes_.changed;
}

// None if the file cannot be read: it is described, and fails with the reason, later.
std::optional<ContentHash> Update::hashOf(const fs::path& file) const {
  try {
    return hashFile(file);
  } catch (const InputError&) {
    return std::nullopt;
  }
}

bool Update::bringBack(const std::string& path, const FileStamp& stamp) {
  findGone_.bindBlob(1, path).bind(2, stamp.bytes).bind(3, stamp.modifiedNs);
  if (!findGone_.step()) return false;
  const std::int64_t id = findGone_.integer(0);
  findGone_.reset();
  bringBack_.bind(1, writer_.begin()).bind(2, id).run();
  writer_.end();
  seen_.add(id);
  ++changes_.returned;
  return true;
}

std::int64_t Update::insert(const std::string& path, const FileStamp& stamp,
                            const std::optional<ContentHash>& hash) {
  const std::int64_t revision = writer_.begin();
  insert_.bindBlob(1, path).bind(2, stamp.bytes).bind(3, stamp.modifiedNs).bind(5, revision);
  if (hash) {
    insert_.bindBlob(4, hash->bytes());
  } else {
    insert_.bindNull(4);
  }
  insert_.run();
  const std::int64_t id = database().lastRowId();
  writer_.end();
  seen_.add(id);
  return id;
}

void Update::retire(std::int64_t id) {
  const std::int64_t revision = writer_.begin();
  keepGone_.bind(1, now_).bind(2, revision).bind(3, id).run();
  // Nothing is lost with a photo that was never described.
  if (database().changedRows() == 0) delete_.bind(1, id).run();
  writer_.end();
}

void Update::retireUnseen() {
  // In pages: rows must not change under a SELECT that runs.
  Statement page(database(),
                 "SELECT id FROM photos WHERE id > ? AND gone_ns IS NULL ORDER BY id LIMIT 10000");
  std::vector<std::int64_t> ids;
  std::int64_t last = 0;
  do {
    ids.clear();
    page.bind(1, last);
    while (page.step()) ids.push_back(page.integer(0));
    for (const std::int64_t id : ids) {
      last = id;
      if (seen_.has(id)) continue;
      retire(id);
      removedIds_.add(id);
      ++changes_.removed;
    }
  } while (!ids.empty());
}

// New files with the content of a photo that is gone. Only sizes that match are read.
void Update::recogniseMoved() {
  Statement page(database(),
                 "SELECT id, path, hash FROM photos AS fresh"
                 " WHERE id > ? AND state = 0 AND gone_ns IS NULL AND EXISTS"
                 " (SELECT 1 FROM photos AS known INDEXED BY photos_gone_by_content"
                 "  WHERE known.bytes = fresh.bytes AND known.gone_ns IS NOT NULL)"
                 " ORDER BY id LIMIT 100");
  std::vector<FreshPhoto> candidates;
  std::int64_t last = 0;
  do {
    candidates.clear();
    page.bind(1, last);
    while (page.step()) {
      candidates.push_back({page.integer(0), page.bytes(1), std::nullopt});
      if (!page.isNull(2)) candidates.back().hash = ContentHash::fromBytes(page.bytes(2));
    }
    for (const FreshPhoto& fresh : candidates) {
      if (token_.cancelled()) return;
      last = fresh.id;
      moveIfKnown(fresh);
    }
  } while (!candidates.empty());
}

void Update::moveIfKnown(const FreshPhoto& fresh) {
  const fs::path file = catalogue_.folder() / fresh.path;
  const std::optional<FileStamp> stamp = stampOf(file);
  std::optional<ContentHash> hash = fresh.hash;
  if (!hash) {
    tellReading(file);
    hash = hashOf(file);
  }
  if (!stamp || !hash) return;
  findContent_.bind(1, stamp->bytes).bindBlob(2, hash->bytes());
  const std::int64_t known = findContent_.step() ? findContent_.integer(0) : 0;
  findContent_.reset();
  if (known == 0 && fresh.hash) return;
  const std::int64_t revision = writer_.begin();
  if (known == 0) {
    setHash_.bindBlob(1, hash->bytes()).bind(2, fresh.id).run();  // so as not to read it again
  } else {
    delete_.bind(1, fresh.id).run();
    move_.bindBlob(1, fresh.path).bind(2, stamp->modifiedNs).bind(3, revision);
    move_.bind(4, known).run();
    countMove(fresh.id, known);
  }
  writer_.end();
}

// What was counted as new, changed or removed has turned out as moved.
void Update::countMove(std::int64_t fresh, std::int64_t known) {
  ++changes_.moved;
  if (addedIds_.has(fresh)) --changes_.added;
  if (changedIds_.has(fresh)) --changes_.changed;
  if (removedIds_.has(known)) --changes_.removed;
  if (!addedIds_.has(fresh) && !changedIds_.has(fresh)) --changes_.unchanged;
}

void Update::forgetLongGone() {
  Statement ids(database(), "SELECT id FROM photos WHERE gone_ns <= ? LIMIT 1000");
  std::vector<std::int64_t> old;
  do {
    old.clear();
    ids.bind(1, now_ - options_.keepGoneNs);
    while (ids.step()) old.push_back(ids.integer(0));
    for (const std::int64_t id : old) {
      writer_.begin();
      delete_.bind(1, id).run();
      writer_.end();
    }
  } while (!old.empty());
}

void Update::tellProgress(const fs::path& file) {
  ++visited_;
  if (progress_ && visited_ % kProgressEvery == 0)
    progress_({"looking for photos", visited_, 0, displayName(file)});
}

// These files are read, so each is worth a word.
void Update::tellReading(const fs::path& file) {
  ++read_;
  if (progress_) progress_({"recognising moved photos", read_, 0, displayName(file)});
}

}  // namespace

CatalogueChanges updateCatalogue(Catalogue& catalogue, const CancellationToken& token,
                                 const ProgressCallback& progress, const UpdateOptions& options) {
  return Update(catalogue, token, progress, options).run();
}

}  // namespace inkling
