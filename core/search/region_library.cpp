#include "core/search/region_library.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/user_folders.h"
#include "core/search/region_index_builder.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

constexpr int kPage = 1000;

}  // namespace

std::vector<fs::path> regionIndexPlaces(const Catalogue& catalogue) {
  fs::path beside = catalogue.file();
  beside.replace_extension(".regions");
  return {beside, userCacheFolder() / "regions" / (catalogue.birth() + ".regions")};
}

RegionLibrary::RegionLibrary(const Catalogue& catalogue, RegionSetup setup)
    : catalogue_(catalogue), setup_(std::move(setup)), tail_(setup_.dimension) {}

void RegionLibrary::refresh(const CancellationToken& token, const ProgressCallback& progress) {
  if (!looked_) openIndex();
  looked_ = true;
  // Without an index, a large catalogue would have to be held in memory.
  if (!index_ && catalogue_.counts().described > setup_.tailLimit) return build(token, progress);
  readChanges(token);
  if (indexIsDue()) build(token, progress);
}

std::string RegionLibrary::indexIdentity() const {
  return catalogue_.birth() + " " + setup_.identity;
}

void RegionLibrary::openIndex() {
  for (const fs::path& place : regionIndexPlaces(catalogue_)) {
    std::error_code error;
    if (!fs::exists(place, error)) continue;
    try {
      RegionIndex found = RegionIndex::open(place);
      const RegionIndexInfo& info = found.info();
      if (info.identity != indexIdentity() || info.dimension != setup_.dimension ||
          info.revision > catalogue_.revision())
        continue;
      if (index_ && index_->info().revision >= info.revision) continue;
      revision_ = info.revision;
      index_ = std::move(found);
    } catch (const InputError&) {
      // It can be made again from the catalogue.
    }
  }
  lastId_ = std::numeric_limits<std::int64_t>::max();
  if (!index_) revision_ = lastId_ = 0;
}

// Nothing for a photo that is gone meanwhile, or whose record is damaged: it cannot be found by its
// regions, and others can.
std::optional<RegionVectors> RegionLibrary::vectorsOf(const PhotoEntry& entry,
                                                      Catalogue::FeatureReader& reader) const {
  const auto record = reader.read(entry.id);
  if (!record) return std::nullopt;
  try {
    return RegionVectors{entry.id, setup_.vectors(*record, displayName(entry.path))};
  } catch (const InputError&) {
    return std::nullopt;
  }
}

bool RegionLibrary::counts(const PhotoEntry& entry) const {
  return entry.state == PhotoState::described && !entry.gone &&
         entry.describedWith == setup_.identity;
}

void RegionLibrary::takeIn(const PhotoEntry& entry, Catalogue::FeatureReader& reader) {
  changed_.insert(entry.id);
  if (!counts(entry)) {
    inTail_.erase(entry.id);
    return;
  }
  // Content never changes under an id: what the tail had before is the same.
  if (!inTail_.insert(entry.id).second) return;
  if (const auto vectors = vectorsOf(entry, reader)) tail_.add(*vectors);
}

void RegionLibrary::readChanges(const CancellationToken& token) {
  Catalogue::FeatureReader reader(catalogue_);
  for (auto page = catalogue_.changedSince(revision_, lastId_, kPage); !page.empty();
       page = catalogue_.changedSince(revision_, lastId_, kPage)) {
    for (const PhotoEntry& entry : page) {
      token.check();
      takeIn(entry, reader);
      revision_ = entry.revision;
      lastId_ = entry.id;
    }
  }
}

bool RegionLibrary::indexIsDue() const {
  const std::int64_t indexed = index_ ? index_->info().photos : 0;
  return std::ssize(changed_) > std::max(setup_.tailLimit, indexed / 10);
}

void RegionLibrary::walk(const std::function<void(const RegionVectors&)>& take,
                         const CancellationToken& token) const {
  Catalogue::FeatureReader reader(catalogue_);
  catalogue_.forEachPhoto([&](const PhotoEntry& entry) {
    token.check();
    if (!counts(entry)) return;
    if (const auto vectors = vectorsOf(entry, reader)) take(*vectors);
  });
}

void RegionLibrary::build(const CancellationToken& token, const ProgressCallback& progress) {
  if (index_ && changed_.empty() && index_->info().revision == catalogue_.revision()) return;
  RegionIndexOptions options;
  options.dimension = setup_.dimension;
  options.identity = indexIdentity();
  options.revision = catalogue_.revision();
  options.exactLimit = setup_.exactLimit;
  options.sampleQueries = setup_.sampleQueries;
  // What comes while the index is built is read afterwards, as it is newer than this revision; the
  // walk must see the same photos each time, though.
  const Catalogue::Snapshot snapshot(catalogue_);
  const auto source = [&](const auto& take) { walk(take, token); };
  std::optional<OutputError> refused;
  for (const fs::path& place : regionIndexPlaces(catalogue_)) {
    try {
      std::error_code ignored;
      fs::create_directories(place.parent_path(), ignored);
      index_.reset();
      buildRegionIndex(place, source, options, token, progress);
      index_ = RegionIndex::open(place);
      break;
    } catch (const OutputError& error) {
      if (!refused) refused = error;
    }
  }
  if (!index_) throw *refused;
  tail_.clear();
  changed_.clear();
  inTail_.clear();
  revision_ = options.revision;
  lastId_ = std::numeric_limits<std::int64_t>::max();
  readChanges(token);
}

std::vector<PhotoHit> RegionLibrary::rank(std::span<const float> probes, int limit,
                                          const PhotoFilter& filter) const {
  const auto wanted = [&](std::int64_t id) { return !filter || filter(id); };
  std::vector<PhotoHit> best;
  if (!inTail_.empty()) {
    best = tail_.rankPhotos(probes, limit,
                            [&](std::int64_t id) { return inTail_.contains(id) && wanted(id); });
  }
  if (!index_) return best;
  return mergeRankings(
      index_->rankPhotos(probes, limit,
                         [&](std::int64_t id) { return !changed_.contains(id) && wanted(id); }),
      best, static_cast<std::size_t>(limit));
}

std::int64_t RegionLibrary::photos() const {
  const std::int64_t indexed = index_ ? index_->info().photos : 0;
  return indexed + std::ssize(inTail_);
}

}  // namespace inkling
