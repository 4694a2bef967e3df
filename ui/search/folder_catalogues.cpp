#include "ui/search/folder_catalogues.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/base/background_thread.h"
#include "core/base/error.h"
#include "core/base/file_stamp.h"
#include "core/base/path.h"
#include "core/inference/feature_codec.h"
#include "core/search/catalogue_place.h"
#include "core/search/catalogue_update.h"
#include "core/search/photo_indexer.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

constexpr int kPage = 1000;
// Photos described since, after which the index is looked after again.
constexpr std::int64_t kMaintainEvery = 1000;
// In the search thread, photos that are not in the index stay in memory rather than hold up answers
// by building one.
constexpr std::int64_t kTailOfSearch = 100'000;

FeatureCache openCache() {
  const fs::path file = FeatureCache::defaultFile();
  return FeatureCache::open(file, FeatureCache::chosenLimit(file));
}

template <typename T>
bool isReady(const std::future<T>& future) {
  return future.valid() && future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

// A catalogue as it came out of a comparison with the disk.
struct Compared {
  std::optional<Catalogue> catalogue;
  bool writable = false;
  std::string notice;
};

// Another process may hold the catalogue, or the disk may be read-only: then it is only read.
Compared openCatalogue(const fs::path& folder) {
  Compared result;
  try {
    result.catalogue = Catalogue::forIndexing(cataloguePlace(folder), folder);
    result.writable = true;
    if (const auto& aside = result.catalogue->setAside())
      result.notice = fmt::format(
          "{}: the catalogue of this folder was damaged; it is now {}, and "
          "a new one is made",
          displayName(folder), displayName(aside->filename()));
  } catch (const Error& error) {
    try {
      if (const auto existing = existingCatalogue(folder))
        result.catalogue = Catalogue::forReading(*existing);
    } catch (const Error&) {
      // Searched without one, then.
    }
    // That another process indexes the folder is no trouble: what it has done can be read.
    if (!result.catalogue) result.notice = error.what();
  }
  return result;
}

Compared compareWithDisk(Compared now, const fs::path& folder, const CancellationToken& token) {
  stepBackForWindow();
  if (!now.catalogue) now = openCatalogue(folder);
  try {
    if (now.writable) updateCatalogue(*now.catalogue, token);
  } catch (const Cancelled&) {
  } catch (const Error& error) {
    now.notice = error.what();
  }
  return now;
}

void buildIndex(const fs::path& file, const RegionSetup& setup, const CancellationToken& token) {
  stepBackForWindow();
  try {
    const Catalogue catalogue = Catalogue::forReading(file);
    RegionLibrary(catalogue, setup).refresh(token);
  } catch (const Error&) {
    // The search goes on with what it has in memory.
  }
}

}  // namespace

struct FolderCatalogues::Folder {
  fs::path path;  ///< as the window calls it
  std::optional<Catalogue> catalogue;
  bool writable = false;
  std::unique_ptr<PhotoSearch> search;
  std::unordered_map<std::string, std::int64_t> known;  ///< ids by path below the folder
  CancellationToken token;
  std::future<Compared> compared;
  std::future<void> maintained;
  bool again = false;  ///< the folder has changed while it was compared
  std::int64_t sinceMaintained = 0;

  ~Folder() { token.cancel(); }
  fs::path below(const fs::path& photo) const { return photo.lexically_relative(path); }
};

FolderCatalogues::FolderCatalogues(const Localizer& localizer, fs::path modelFile)
    : localizer_(localizer),
      modelFile_(std::move(modelFile)),
      identity_(featuresIdentity(modelFile_)),
      cache_(openCache()),
      describer_(localizer_, modelFile_,
                 {regionRecord(localizer_).version,
                  [this](const PhotoFeatures& features) {
                    described_ = features;
                    return regionRecord(localizer_).make(features);
                  }},
                 &cache_) {}

FolderCatalogues::~FolderCatalogues() = default;

void FolderCatalogues::open(const std::vector<fs::path>& folders) {
  std::vector<std::unique_ptr<Folder>> kept;
  for (const fs::path& path : folders) {
    const auto same = std::ranges::find_if(
        folders_, [&](const auto& folder) { return folder && folder->path == path; });
    if (same != folders_.end()) {
      kept.push_back(std::move(*same));
    } else {
      kept.push_back(std::make_unique<Folder>());
      kept.back()->path = path;
    }
  }
  folders_ = std::move(kept);
  for (const auto& folder : folders_) compare(*folder);
}

void FolderCatalogues::compare(Folder& folder) {
  if (folder.compared.valid()) {
    folder.again = true;
    return;
  }
  folder.search.reset();
  Compared now{std::exchange(folder.catalogue, std::nullopt), folder.writable, {}};
  folder.compared = std::async(std::launch::async, [now = std::move(now), path = folder.path,
                                                    token = folder.token]() mutable {
    return compareWithDisk(std::move(now), path, token);
  });
}

bool FolderCatalogues::poll() {
  bool news = false;
  for (const auto& folder : folders_) {
    if (isReady(folder->compared)) {
      takeOver(*folder);
      news = true;
    }
    if (isReady(folder->maintained)) {
      folder->maintained.get();
      // The index file has been replaced.
      folder->search.reset();
    }
  }
  return news;
}

bool FolderCatalogues::isBusy() const {
  return std::ranges::any_of(folders_, [](const auto& folder) {
    return folder->compared.valid() || folder->maintained.valid();
  });
}

void FolderCatalogues::takeOver(Folder& folder) {
  Compared result = folder.compared.get();
  folder.catalogue = std::move(result.catalogue);
  folder.writable = result.writable;
  if (!result.notice.empty()) notice_ = result.notice;
  if (std::exchange(folder.again, false)) return compare(folder);
  if (!folder.catalogue) return;
  try {
    if (folder.writable) queueOutdated(*folder.catalogue, describer_);
    learn(folder);
    maintain(folder);
  } catch (const Error& error) {
    notice_ = error.what();
    folder.catalogue.reset();
    folder.known.clear();
  }
}

// Which photos are known.
void FolderCatalogues::learn(Folder& folder) {
  folder.known.clear();
  const std::string identity = describer_.identity();
  for (auto page = folder.catalogue->photosAfter(0, kPage); !page.empty();
       page = folder.catalogue->photosAfter(page.back().id, kPage)) {
    for (const PhotoEntry& entry : page) {
      if (entry.state == PhotoState::described && entry.describedWith == identity)
        folder.known.emplace(entry.path.native(), entry.id);
    }
  }
}

void FolderCatalogues::maintain(Folder& folder) {
  if (folder.maintained.valid() || !localizer_.hasIndex()) return;
  folder.sinceMaintained = 0;
  folder.maintained =
      std::async(std::launch::async,
                 [file = folder.catalogue->file(), setup = regionSetup(localizer_, modelFile_),
                  token = folder.token] { buildIndex(file, setup, token); });
}

FolderCatalogues::Folder* FolderCatalogues::folderOf(const fs::path& photo) const {
  for (const auto& folder : folders_) {
    const auto [end, rest] =
        std::mismatch(folder->path.begin(), folder->path.end(), photo.begin(), photo.end());
    if (end == folder->path.end() && folder->catalogue) return folder.get();
  }
  return nullptr;
}

bool FolderCatalogues::knows(const fs::path& photo) const {
  const Folder* folder = folderOf(photo);
  return folder != nullptr && folder->known.contains(folder->below(photo).native());
}

std::optional<PhotoFeatures> FolderCatalogues::find(const fs::path& photo) {
  Folder* folder = folderOf(photo);
  if (folder == nullptr || !knows(photo)) return std::nullopt;
  try {
    const auto entry = folder->catalogue->photo(folder->below(photo));
    const auto stamp = stampOf(photo);
    if (!entry || !entry->hash || !stamp ||
        stamp->bytes != static_cast<std::int64_t>(entry->bytes) ||
        stamp->modifiedNs != entry->modifiedNs)
      return std::nullopt;
    const auto bytes = cache_.get(*entry->hash, identity_);
    if (!bytes) return std::nullopt;
    return decodeFeatures(*bytes, displayName(photo));
  } catch (const Error&) {
    return std::nullopt;
  }
}

PhotoFeatures FolderCatalogues::describe(const fs::path& photo) {
  Folder* folder = folderOf(photo);
  described_.reset();
  if (folder != nullptr && folder->writable) {
    try {
      const fs::path below = folder->below(photo);
      if (describePhoto(*folder->catalogue, describer_, below)) {
        const auto entry = folder->catalogue->photo(below);
        if (entry && entry->state == PhotoState::described)
          folder->known.emplace(below.native(), entry->id);
        if (++folder->sinceMaintained >= kMaintainEvery) maintain(*folder);
      }
      if (described_) return *std::exchange(described_, std::nullopt);
      if (auto known = find(photo)) return *known;  // a copy of another photo
    } catch (const Error& error) {
      notice_ = error.what();  // a full disk, say: the photo can be looked at all the same
    }
  }
  return describeFile(localizer_, photo, identity_, &cache_);
}

std::vector<fs::path> FolderCatalogues::rank(const SketchQuery& query, std::int64_t limit) const {
  std::vector<std::pair<double, fs::path>> all;
  for (const auto& folder : folders_) {
    if (!folder->catalogue || !localizer_.hasIndex()) continue;
    try {
      if (!folder->search) {
        RegionSetup setup = regionSetup(localizer_, modelFile_);
        setup.tailLimit = kTailOfSearch;
        folder->search = std::make_unique<PhotoSearch>(*folder->catalogue, localizer_, modelFile_,
                                                       nullptr, std::move(setup));
      }
      folder->search->refresh(folder->token);
      for (const PhotoSearch::Candidate& best : folder->search->rank(query, limit)) {
        if (const auto entry = folder->catalogue->photo(best.photo))
          all.emplace_back(best.estimate, folder->path / entry->path);
      }
    } catch (const Error&) {
      // Its photos are looked at in the usual order.
    }
  }
  std::ranges::stable_sort(all, [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<fs::path> photos;
  for (auto& [estimate, path] : all) {
    if (std::ssize(photos) < limit) photos.push_back(std::move(path));
  }
  return photos;
}

std::string FolderCatalogues::takeNotice() {
  if (notice_.empty()) notice_ = cache_.takeTrouble();
  return std::exchange(notice_, {});
}

}  // namespace inkling
