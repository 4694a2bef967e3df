#include "core/search/photo_indexer.h"

#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/file_stamp.h"
#include "core/base/path.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

struct WaitingPhoto {
  std::int64_t id = 0;
  std::string path;
  FileStamp stamp;                  // as the catalogue knows it
  std::optional<ContentHash> hash;  // of the file when it had this stamp
};

// Why `work` failed for this photo; empty if it did not. What concerns all photos goes on.
template <typename Work>
std::string failureOf(Work&& work) {
  try {
    work();
    return "";
  } catch (const Cancelled&) {
    throw;
  } catch (const UsageError&) {
    throw;
  } catch (const ModelError&) {
    throw;
  } catch (const OutputError&) {
    throw;
  } catch (const DamagedDatabase&) {
    throw;
  } catch (const std::bad_alloc&) {
    return "not enough memory";
  } catch (const std::exception& error) {
    return error.what();
  }
}

class Indexer {
 public:
  Indexer(Catalogue& catalogue, PhotoDescriber& describer, const CancellationToken& token,
          const ProgressCallback& progress, const IndexOptions& options = {})
      : catalogue_(catalogue),
        describer_(describer),
        identity_(describer.identity()),
        token_(token),
        progress_(progress),
        options_(options) {}

  IndexResult run();
  bool describeOne(const fs::path& path);
  void queueOutdated(bool failedToo);

 private:
  std::vector<WaitingPhoto> waitingAfter(std::int64_t id);
  std::vector<WaitingPhoto> chosen(const std::vector<WaitingPhoto>& page);
  bool choose(WaitingPhoto& photo);
  void describeAll(const std::vector<WaitingPhoto>& photos);
  void tell(const WaitingPhoto& photo) const;
  void handle(const WaitingPhoto& photo);
  void stamp(std::int64_t id, const FileStamp& stamp, const std::optional<ContentHash>& hash);
  std::optional<DescribedPhoto> twinOf(const FileStamp& stamp, const ContentHash& hash);
  void keep(std::int64_t id, const DescribedPhoto& photo, std::int64_t revision);

  Database& database() { return catalogue_.database(); }

  Catalogue& catalogue_;
  PhotoDescriber& describer_;
  const std::string identity_;
  const CancellationToken& token_;
  const ProgressCallback& progress_;
  const IndexOptions options_;
  IndexResult result_;
  std::int64_t total_ = 0, done_ = 0;

  Statement waiting_{database(),
                     "SELECT id, path, bytes, modified_ns, hash FROM photos"
                     " WHERE state = 0 AND gone_ns IS NULL AND id > ? ORDER BY id LIMIT 100"};
  Statement stamp_{database(),
                   "UPDATE photos SET bytes = ?, modified_ns = ?, hash = ? WHERE id = ?"};
  Statement twin_{database(),
                  "SELECT width, height, orientation, blob FROM photos"
                  " JOIN features ON photo_id = id WHERE bytes = ? AND hash = ? AND state = 1"
                  " AND described_with = ? LIMIT 1"};
  Statement describe_{database(),
                      "UPDATE photos SET state = 1, error = '', width = ?, height = ?,"
                      " orientation = ?, described_with = ?, revision = ? WHERE id = ?"};
  Statement features_{database(), "INSERT OR REPLACE INTO features VALUES(?, ?)"};
  Statement fail_{database(),
                  "UPDATE photos SET state = 2, error = ?, described_with = ?, revision = ?"
                  " WHERE id = ?"};
  CatalogueWriter writer_{catalogue_};
};

IndexResult Indexer::run() {
  queueOutdated(options_.retryFailed);
  total_ = catalogue_.counts().waiting;
  try {
    for (auto page = waitingAfter(0); !page.empty(); page = waitingAfter(page.back().id))
      describeAll(options_.choice ? chosen(page) : page);
  } catch (const Cancelled&) {
    result_.finished = false;
    return result_;
  }
  if (progress_) progress_({"describing photos", total_, total_, ""});
  return result_;
}

void Indexer::describeAll(const std::vector<WaitingPhoto>& photos) {
  const auto ahead = static_cast<std::size_t>(describer_.ahead());
  std::size_t read = 1;  // photos that are announced, or need not be
  for (std::size_t i = 0; i < photos.size(); ++i) {
    tell(photos[i]);
    ++done_;
    for (; read < photos.size() && read <= i + ahead; ++read)
      describer_.readAhead(catalogue_.folder() / photos[read].path);
    handle(photos[i]);
  }
}

void Indexer::tell(const WaitingPhoto& photo) const {
  if (progress_) progress_({"describing photos", done_, total_, displayName(photo.path)});
  token_.check();
}

// Chosen a page at a time, so that only what is to be described is read ahead.
std::vector<WaitingPhoto> Indexer::chosen(const std::vector<WaitingPhoto>& page) {
  std::vector<WaitingPhoto> photos;
  for (WaitingPhoto photo : page) {
    tell(photo);
    if (choose(photo)) {
      photos.push_back(std::move(photo));
    } else {
      ++done_;
    }
  }
  return photos;
}

bool Indexer::choose(WaitingPhoto& photo) {
  const fs::path file = catalogue_.folder() / photo.path;
  const std::optional<FileStamp> stampNow = stampOf(file);
  if (!stampNow) return false;
  if (!photo.hash || photo.stamp != *stampNow) {
    photo.hash.reset();
    photo.stamp = *stampNow;
    failureOf([&] { photo.hash = hashFile(file, token_); });
    if (photo.hash) {
      writer_.begin();
      stamp(photo.id, photo.stamp, photo.hash);
      writer_.end();
    }
  }
  if (options_.choice(photo.hash, photo.path)) return true;
  if (photo.hash && twinOf(photo.stamp, *photo.hash)) return true;
  ++result_.left;
  return false;
}

bool Indexer::describeOne(const fs::path& path) {
  const std::optional<PhotoEntry> photo = catalogue_.photo(path);
  if (!photo || photo->gone || photo->state != PhotoState::waiting) return false;
  handle({photo->id, path.native(), {}, std::nullopt});
  return true;
}

void Indexer::queueOutdated(bool failedToo) {
  Statement outdated(database(),
                     "UPDATE photos SET state = 0, revision = ? WHERE gone_ns IS NULL AND"
                     " ((state <> 0 AND described_with <> ?) OR (state = 2 AND ?))");
  Statement any(database(),
                "SELECT 1 FROM photos WHERE gone_ns IS NULL AND"
                " ((state <> 0 AND described_with <> ?) OR (state = 2 AND ?)) LIMIT 1");
  any.bindText(1, identity_).bind(2, failedToo ? 1 : 0);
  if (!any.step()) return;
  any.reset();
  outdated.bind(1, writer_.begin()).bindText(2, identity_).bind(3, failedToo ? 1 : 0).run();
  writer_.commit();
}

std::vector<WaitingPhoto> Indexer::waitingAfter(std::int64_t id) {
  std::vector<WaitingPhoto> page;
  waiting_.bind(1, id);
  while (waiting_.step()) {
    page.push_back({waiting_.integer(0),
                    waiting_.bytes(1),
                    {waiting_.integer(2), waiting_.integer(3)},
                    std::nullopt});
    if (!waiting_.isNull(4)) page.back().hash = ContentHash::fromBytes(waiting_.bytes(4));
  }
  return page;
}

void Indexer::handle(const WaitingPhoto& photo) {
  const fs::path file = catalogue_.folder() / photo.path;
  // Before reading: should the file change meanwhile, the next update sees another stamp.
  const std::optional<FileStamp> stampNow = stampOf(file);
  if (!stampNow) return;
  std::optional<ContentHash> hash;
  std::optional<DescribedPhoto> described;
  std::string failure;
  // One that was hashed to be chosen need not be read once more.
  if (options_.choice && photo.hash && photo.stamp == *stampNow) {
    hash = photo.hash;
  } else {
    failure = failureOf([&] { hash = hashFile(file, token_); });
  }
  if (hash) described = twinOf(*stampNow, *hash);
  const bool copied = described.has_value();
  if (hash && !copied) failure = failureOf([&] { described = describer_.describe(file, *hash); });

  const std::int64_t revision = writer_.begin();
  stamp(photo.id, *stampNow, hash);
  if (described) {
    keep(photo.id, *described, revision);
    ++(copied ? result_.copied : result_.described);
  } else {
    fail_.bindText(1, toValidUtf8(failure)).bindText(2, identity_).bind(3, revision);
    fail_.bind(4, photo.id).run();
    ++result_.failed;
  }
  writer_.end();
}

void Indexer::stamp(std::int64_t id, const FileStamp& stamp,
                    const std::optional<ContentHash>& hash) {
  stamp_.bind(1, stamp.bytes).bind(2, stamp.modifiedNs).bind(4, id);
  if (hash) {
    stamp_.bindBlob(3, hash->bytes());
  } else {
    stamp_.bindNull(3);
  }
  stamp_.run();
}

// What is known of another photo with the same content, be it there or gone.
std::optional<DescribedPhoto> Indexer::twinOf(const FileStamp& stamp, const ContentHash& hash) {
  twin_.bind(1, stamp.bytes).bindBlob(2, hash.bytes()).bindText(3, identity_);
  if (!twin_.step()) return std::nullopt;
  DescribedPhoto twin{static_cast<int>(twin_.integer(0)), static_cast<int>(twin_.integer(1)),
                      static_cast<int>(twin_.integer(2)), twin_.bytes(3)};
  twin_.reset();
  return twin;
}

void Indexer::keep(std::int64_t id, const DescribedPhoto& photo, std::int64_t revision) {
  describe_.bind(1, photo.width).bind(2, photo.height).bind(3, photo.orientation);
  describe_.bindText(4, identity_).bind(5, revision).bind(6, id).run();
  features_.bind(1, id).bindBlob(2, photo.features).run();
}

}  // namespace

IndexResult describePhotos(Catalogue& catalogue, PhotoDescriber& describer,
                           const CancellationToken& token, const ProgressCallback& progress,
                           const IndexOptions& options) {
  return Indexer(catalogue, describer, token, progress, options).run();
}

PhotoChoice photosOf(const Shard& shard) {
  if (shard.isWhole()) return {};
  return [shard](const std::optional<ContentHash>& content, const fs::path& path) {
    return content ? shard.has(*content) : shard.hasUnreadable(path);
  };
}

bool describePhoto(Catalogue& catalogue, PhotoDescriber& describer, const fs::path& path) {
  return Indexer(catalogue, describer, {}, {}).describeOne(path);
}

void queueOutdated(Catalogue& catalogue, PhotoDescriber& describer, bool retryFailed) {
  Indexer(catalogue, describer, {}, {}).queueOutdated(retryFailed);
}

}  // namespace inkling
