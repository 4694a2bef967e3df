#include "core/search/photo_search.h"

#include <algorithm>
#include <chrono>
#include <unordered_set>
#include <utility>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/inference/feature_codec.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// Another number when records of the same features say other things.
constexpr const char* kRecordVersion = "regions-1";
// The index orders photos by one region. So many of the first are put in order by all that their
// records say; those behind them stay in the order of the index.
constexpr std::size_t kWeighed = 500;

double secondsSince(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

}  // namespace

RecordMaker regionRecord(const Localizer& localizer) {
  return {kRecordVersion, [&localizer](const PhotoFeatures& features) {
            return encodeRegions(localizer.regions(features));
          }};
}

RegionSetup regionSetup(const Localizer& localizer, const fs::path& modelFile) {
  RegionSetup setup;
  setup.features = featuresIdentity(modelFile, localizer.precision());
  setup.identity = describerIdentity(setup.features, kRecordVersion);
  setup.dimension = localizer.indexDimension();
  setup.vectors = [&localizer](std::string_view record, const std::string& name) {
    return localizer.indexVectors(decodeRegions(record, name));
  };
  setup.sampleQueries = localizer.wordProbes();
  return setup;
}

PhotoSearch::PhotoSearch(const Catalogue& catalogue, const Localizer& localizer,
                         const fs::path& modelFile, FeatureCache* cache)
    : PhotoSearch(catalogue, localizer, cache, regionSetup(localizer, modelFile)) {}

PhotoSearch::PhotoSearch(const Catalogue& catalogue, const Localizer& localizer,
                         FeatureCache* cache, RegionSetup setup)
    : catalogue_(catalogue),
      localizer_(localizer),
      featuresIdentity_(setup.features),
      cache_(cache),
      library_(catalogue, std::move(setup)) {}

void PhotoSearch::refresh(const CancellationToken& token, const ProgressCallback& progress) {
  library_.refresh(token, progress);
}

std::vector<PhotoSearch::Candidate> PhotoSearch::rank(const SketchQuery& query, std::int64_t limit,
                                                      const PhotoFilter& filter) const {
  const RegionQuery asked = localizer_.regionQuery(query);
  const auto known = static_cast<std::size_t>(std::max<std::int64_t>(library_.photos(), 1));
  const std::size_t wanted = std::min(static_cast<std::size_t>(limit), known);
  const std::vector<PhotoHit> hits = library_.rank(
      asked.probes(), static_cast<int>(std::min(std::max(wanted, kWeighed), known)), filter);
  std::vector<Candidate> candidates = weighed(asked, hits);
  for (std::size_t i = kWeighed; i < hits.size(); ++i)
    candidates.push_back({hits[i].photo, candidates.empty() ? 0 : candidates.back().estimate});
  candidates.resize(std::min(candidates.size(), wanted));
  return candidates;
}

// The first of the hits, by what their records let the model expect.
std::vector<PhotoSearch::Candidate> PhotoSearch::weighed(const RegionQuery& asked,
                                                         const std::vector<PhotoHit>& hits) const {
  std::vector<Candidate> candidates;
  std::vector<PhotoRegions> regions;
  Catalogue::FeatureReader reader(catalogue_);
  for (std::size_t i = 0; i < std::min(kWeighed, hits.size()); ++i) {
    const auto record = reader.read(hits[i].photo);
    if (!record) continue;
    try {
      regions.push_back(decodeRegions(*record, ""));
    } catch (const InputError&) {
      continue;  // damaged since it was indexed
    }
    candidates.push_back({hits[i].photo, 0});
  }
  const std::vector<double> estimates = localizer_.estimate(asked, regions);
  for (std::size_t i = 0; i < estimates.size(); ++i) candidates[i].estimate = estimates[i];
  std::ranges::sort(candidates, [](const Candidate& a, const Candidate& b) {
    return a.estimate != b.estimate ? a.estimate > b.estimate : a.photo < b.photo;
  });
  return candidates;
}

SearchOutcome PhotoSearch::find(const SketchQuery& query, const SearchOptions& options,
                                const CancellationToken& token,
                                const std::function<void(const LookedPhoto&)>& each) const {
  SearchOutcome outcome;
  const CatalogueCounts counts = catalogue_.counts();
  outcome.photos = outcome.ranked = counts.described;
  outcome.waiting = counts.waiting;
  const auto begin = Clock::now();
  const std::vector<Candidate> candidates =
      rank(query, std::max(options.closest, options.most), filterOf(options, outcome));
  outcome.stageOneSeconds = secondsSince(begin);

  const auto second = Clock::now();
  std::int64_t without = 0;
  for (const Candidate& candidate : candidates) {
    const bool enough = outcome.looked >= options.closest && without >= options.patience;
    if (enough || outcome.looked >= options.most) break;
    if (token.cancelled()) {
      outcome.finished = false;
      break;
    }
    const auto entry = catalogue_.photo(candidate.photo);
    if (!entry || entry->gone) continue;
    LookedPhoto looked;
    looked.photo = *entry;
    looked.path = catalogue_.folder() / entry->path;
    looked.estimate = candidate.estimate;
    const std::optional<PhotoFeatures> features = look(query, looked, outcome);
    if (!features && looked.error.empty()) continue;
    ++outcome.looked;
    const bool found =
        !looked.found.boxes.empty() && looked.found.boxes.front().score >= options.threshold;
    without = found ? 0 : without + 1;
    if (features) looked.features = &*features;
    each(looked);
  }
  outcome.stageTwoSeconds = secondsSince(second);
  return outcome;
}

// Ids of the photos that count, by one walk through the catalogue.
PhotoFilter PhotoSearch::filterOf(const SearchOptions& options, SearchOutcome& outcome) const {
  if (!options.counts) return {};
  std::unordered_set<std::int64_t> ids;
  catalogue_.forEachPhoto([&](const PhotoEntry& entry) {
    if (entry.state == PhotoState::described && options.counts(entry.path)) ids.insert(entry.id);
  });
  outcome.ranked = std::ssize(ids);
  return [ids = std::move(ids)](std::int64_t id) { return ids.contains(id); };
}

// Nothing, and no error in `looked`, when the photo is not there any more.
std::optional<PhotoFeatures> PhotoSearch::look(const SketchQuery& query, LookedPhoto& looked,
                                               SearchOutcome& outcome) const {
  try {
    PhotoFeatures features = featuresOf(looked, outcome);
    looked.size = features.photo();
    looked.found = localizer_.locate(query, features);
    return features;
  } catch (const Error& error) {
    std::error_code ignored;
    if (fs::exists(looked.path, ignored)) looked.error = error.what();
    return std::nullopt;
  }
}

PhotoFeatures PhotoSearch::featuresOf(const LookedPhoto& looked, SearchOutcome& outcome) const {
  const std::string name = displayName(looked.path);
  const std::optional<ContentHash>& content = looked.photo.hash;
  if (cache_ != nullptr && content && isUnchanged(looked.photo, looked.path)) {
    if (const auto known = cache_->get(*content, featuresIdentity_))
      return decodeFeatures(*known, name);
  }
  ++outcome.described;
  return describeFile(localizer_, looked.path, featuresIdentity_, cache_);
}

}  // namespace inkling
