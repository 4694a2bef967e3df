#include "core/search/feature_cache.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <system_error>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/file_stamp.h"
#include "core/base/path.h"
#include "core/base/user_folders.h"
#include "core/search/feature_cache_file.h"

namespace inkling {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
constexpr std::uint64_t kDefaultLimit = 20 * kGiB;

// Uses that are remembered before they are written: a write for each get would cost more than the
// get.
constexpr std::size_t kUsesInMemory = 64;
constexpr std::chrono::seconds kUsesAtLeastEvery{60};

constexpr std::chrono::milliseconds kShrinkFor{250};

constexpr std::size_t kLimitDigits = 32;

fs::path limitFile(fs::path file) { return file += ".limit"; }

}  // namespace

// All that is done under one lock. `file_` is missing when there is nothing that can be used.
class FeatureCache::Store {
 public:
  Store(fs::path path, std::uint64_t limit) : path_(std::move(path)), limit_(limit) {
    guarded([&] { open(); });
  }
  ~Store() {
    try {
      writeUses();
    } catch (const std::exception&) {
      // Nobody is left to be told; the next to open the file finds out for itself.
    }
  }

  std::optional<std::string> get(const ContentHash& photo, std::string_view identity) {
    const std::lock_guard lock(mutex_);
    std::optional<std::string> bytes;
    guarded([&] { bytes = find(photo, identity); });
    return bytes;
  }

  bool put(const ContentHash& photo, std::string_view identity, std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    bool kept = false;
    guarded([&] { kept = keep(photo, identity, bytes); });
    return kept;
  }

  std::uint64_t bytes() const {
    const std::lock_guard lock(mutex_);
    return CacheFile::bytesOnDisk(path_);
  }

  std::string takeTrouble() {
    const std::lock_guard lock(mutex_);
    return std::exchange(trouble_, {});
  }

 private:
  void open() {
    std::error_code ignored;
    if (limit_ >= kLeastLimit) {
      file_ = CacheFile::open(path_, limit_);
      if (file_->madeAnew()) tell(fmt::format("{}: was damaged and is made anew", name()));
      file_->shrink(kShrinkFor);
    } else if (fs::exists(path_, ignored)) {
      CacheFile::discard(path_);
    }
  }

  std::optional<std::string> find(const ContentHash& photo, std::string_view identity) {
    if (!file_) return std::nullopt;
    std::optional<CacheFile::Found> found = file_->find(photo, identity);
    if (!found) return std::nullopt;
    uses_[found->id] = nowNs();
    if (uses_.size() >= kUsesInMemory || Clock::now() - usesWritten_ > kUsesAtLeastEvery) {
      // Who is busy with the file need not be waited for: there is a next time.
      try {
        writeUses();
      } catch (const OutputError&) {
      }
    }
    return std::move(found->bytes);
  }

  bool keep(const ContentHash& photo, std::string_view identity, std::string_view bytes) {
    if (!file_) return false;
    if (bytes.size() > file_->largest()) {
      tell(fmt::format("{}: the limit is too small to keep the features of a photo", name()));
      return false;
    }
    writeUses();  // before the longest unused are chosen
    file_->insert(photo, identity, bytes, nowNs());
    file_->shrink(kShrinkFor);
    return true;
  }

  void writeUses() {
    if (!file_ || uses_.empty()) return;
    usesWritten_ = Clock::now();
    file_->setUses(uses_);
    uses_.clear();
  }

  // A cache has no errors, only trouble.
  template <typename Work>
  void guarded(Work&& work) {
    try {
      work();
    } catch (const DamagedDatabase&) {
      remake();
    } catch (const std::exception& error) {
      if (!file_)
        tell(fmt::format("the cache of photos is not used: {}", error.what()));
      else
        tell(error.what());
    }
  }

  void remake() {
    file_.reset();
    uses_.clear();
    try {
      file_ = CacheFile::remake(path_, limit_);
      tell(fmt::format("{}: was damaged and is made anew", name()));
    } catch (const std::exception& error) {
      tell(fmt::format("the cache of photos is not used: {}", error.what()));
    }
  }

  void tell(const std::string& trouble) {
    if (told_.insert(trouble).second) trouble_ = trouble;
  }
  std::string name() const { return displayName(path_); }

  const fs::path path_;
  const std::uint64_t limit_;
  mutable std::mutex mutex_;
  std::unique_ptr<CacheFile> file_;
  std::map<std::int64_t, std::int64_t> uses_;  ///< entry to time, not written yet
  Clock::time_point usesWritten_ = Clock::now();
  std::string trouble_;
  std::set<std::string> told_;
};

FeatureCache::FeatureCache(std::unique_ptr<Store> store) : store_(std::move(store)) {}
FeatureCache::~FeatureCache() = default;
FeatureCache::FeatureCache(FeatureCache&&) noexcept = default;
FeatureCache& FeatureCache::operator=(FeatureCache&&) noexcept = default;

FeatureCache FeatureCache::open(const fs::path& file, std::uint64_t limitBytes) {
  return FeatureCache(std::make_unique<Store>(fs::absolute(file), limitBytes));
}

FeatureCache FeatureCache::openDefault() {
  const fs::path file = defaultFile();
  return open(file, chosenLimit(file));
}

fs::path FeatureCache::defaultFile() { return userCacheFolder() / "features.sqlite"; }

std::uint64_t FeatureCache::defaultLimit(const fs::path& file) {
  // The folder may have to be made first: its disk is that of the nearest one above.
  fs::path folder = fs::absolute(file).parent_path();
  std::error_code code;
  while (!fs::exists(folder, code) && folder.has_relative_path()) folder = folder.parent_path();
  const fs::space_info space = fs::space(folder, code);
  if (code) return 0;
  return std::min(kDefaultLimit, (space.available + CacheFile::bytesOnDisk(file)) / 2);
}

std::uint64_t FeatureCache::chosenLimit(const fs::path& file) {
  try {
    const std::string text = readFile(limitFile(file), kLimitDigits);
    std::uint64_t limit = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
    if (error == std::errc() && end != text.data()) return limit;
  } catch (const InputError&) {
    // Nothing was chosen, or nothing that can be read.
  }
  return defaultLimit(file);
}

void FeatureCache::chooseLimit(const fs::path& file, std::uint64_t limitBytes) {
  std::error_code ignored;
  fs::create_directories(file.parent_path(), ignored);
  writeFileAtomically(limitFile(file), fmt::format("{}\n", limitBytes));
}

std::optional<std::string> FeatureCache::get(const ContentHash& photo, std::string_view identity) {
  return store_->get(photo, identity);
}

bool FeatureCache::put(const ContentHash& photo, std::string_view identity,
                       std::string_view bytes) {
  return store_->put(photo, identity, bytes);
}

std::uint64_t FeatureCache::bytes() const { return store_->bytes(); }

std::string FeatureCache::takeTrouble() { return store_->takeTrouble(); }

}  // namespace inkling
