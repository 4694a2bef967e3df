#include "ui/search/folder_catalogues.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/inference/feature_codec.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

}  // namespace

FolderCatalogues::FolderCatalogues(const Localizer& localizer, fs::path modelFile,
                                   CancellationToken quit)
    : model_{localizer, regionSetup(localizer, modelFile)},
      quit_(std::move(quit)),
      cache_(FeatureCache::openDefault()),
      describer_(localizer, modelFile,
                 {regionRecord(localizer).version,
                  [this, record = regionRecord(localizer)](const PhotoFeatures& features) {
                    described_ = features;
                    return record.make(features);
                  }},
                 &cache_) {}

FolderCatalogues::~FolderCatalogues() = default;

void FolderCatalogues::open(const std::vector<fs::path>& folders) {
  std::vector<std::unique_ptr<OpenFolder>> kept;
  for (const fs::path& path : folders) {
    const auto same = std::ranges::find_if(
        folders_, [&](const auto& folder) { return folder && folder->path() == path; });
    if (same == folders_.end()) {
      kept.push_back(std::make_unique<OpenFolder>(path, model_));
    } else {
      (*same)->compare();
      kept.push_back(std::move(*same));
    }
  }
  folders_ = std::move(kept);
}

void FolderCatalogues::reopenCache() {
  // First closed: a cache is removed only while nobody has it open.
  { const FeatureCache closed = std::move(cache_); }
  cache_ = FeatureCache::openDefault();
}

bool FolderCatalogues::poll() {
  bool news = false;
  for (const auto& folder : folders_) news = folder->poll(describer_) || news;
  return news;
}

std::optional<std::chrono::milliseconds> FolderCatalogues::nextPoll() const {
  std::optional<std::chrono::milliseconds> soonest;
  for (const auto& folder : folders_) {
    const auto next = folder->nextPoll();
    if (next && (!soonest || *next < *soonest)) soonest = next;
  }
  return soonest;
}

bool FolderCatalogues::isLearning() const {
  return std::ranges::any_of(folders_,
                             [](const auto& folder) { return folder->isFirstLearning(); });
}

OpenFolder* FolderCatalogues::folderOf(const fs::path& photo) const {
  for (const auto& folder : folders_) {
    if (folder->holds(photo)) return folder.get();
  }
  return nullptr;
}

bool FolderCatalogues::knows(const fs::path& photo) const {
  const OpenFolder* folder = folderOf(photo);
  return folder != nullptr && folder->knows(photo);
}

std::optional<PhotoFeatures> FolderCatalogues::find(const fs::path& photo) {
  const OpenFolder* folder = folderOf(photo);
  if (folder == nullptr) return std::nullopt;
  try {
    const auto content = folder->contentOf(photo);
    if (!content) return std::nullopt;
    return inCache(*content, photo);
  } catch (const Error&) {
    return std::nullopt;
  }
}

// Damaged features are like none.
std::optional<PhotoFeatures> FolderCatalogues::inCache(const ContentHash& content,
                                                       const fs::path& photo) {
  const auto bytes = cache_.get(content, model_.setup.features);
  if (!bytes) return std::nullopt;
  try {
    return decodeFeatures(*bytes, displayName(photo));
  } catch (const InputError&) {
    return std::nullopt;
  }
}

void FolderCatalogues::forget(const fs::path& photo) {
  if (OpenFolder* folder = folderOf(photo)) folder->forget(photo);
}

PhotoFeatures FolderCatalogues::describe(const fs::path& photo) {
  described_.reset();
  keep(photo);
  if (described_) return *std::exchange(described_, std::nullopt);
  // A copy of another photo, or looked at before by whichever program.
  if (const auto known = inCache(hashFile(photo), photo)) return *known;
  return describeFile(model_.localizer, photo, model_.setup.features, &cache_);
}

bool FolderCatalogues::canKeep(const fs::path& photo) const {
  const OpenFolder* folder = folderOf(photo);
  return folder != nullptr && folder->canKeep();
}

void FolderCatalogues::keep(const fs::path& photo) {
  OpenFolder* folder = folderOf(photo);
  if (folder == nullptr) return;
  try {
    folder->describe(photo, describer_);
  } catch (const Error& error) {
    folder->notify(error.what());  // a full disk, say: the photo can be looked at all the same
  }
}

std::vector<fs::path> FolderCatalogues::rank(const SketchQuery& query, std::int64_t limit) {
  std::vector<OpenFolder::Candidate> all;
  for (const auto& folder : folders_)
    std::ranges::move(folder->rank(query, limit, quit_), std::back_inserter(all));
  std::ranges::stable_sort(all,
                           [](const auto& a, const auto& b) { return a.estimate > b.estimate; });
  std::vector<fs::path> photos;
  for (OpenFolder::Candidate& candidate : all) {
    if (std::ssize(photos) < limit) photos.push_back(std::move(candidate.photo));
  }
  return photos;
}

bool FolderCatalogues::isRanked(const fs::path& photo) const {
  const OpenFolder* folder = folderOf(photo);
  return folder != nullptr && folder->isRanked();
}

std::string FolderCatalogues::takeNotice() {
  for (const auto& folder : folders_) {
    if (std::string notice = folder->takeNotice(); !notice.empty()) return notice;
  }
  return cache_.takeTrouble();
}

}  // namespace inkling
