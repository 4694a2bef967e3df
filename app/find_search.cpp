#include "app/find_search.h"

#include <algorithm>
#include <unordered_set>

#include "app/console.h"
#include "app/terminal_progress.h"
#include "core/base/path.h"
#include "core/image/photo_reader.h"
#include "core/image/picture_writer.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

std::string keyOf(const fs::path& path) { return path.lexically_normal().native(); }

}  // namespace

FindSearch::FindSearch(const SharedOptions& shared, const QuerySketches& sketches,
                       std::optional<double> threshold, const std::string& overlay,
                       FindReport& report)
    : shared_(shared),
      report_(report),
      localizer_(loadLocalizer(shared)),
      query_(localizer_.understand(sketches.wanted, sketches.unwanted)) {
  report.threshold = threshold.value_or(localizer_.threshold());
  if (!overlay.empty()) pictures_.emplace(overlay, sketchCard(sketches.wanted.front().sketch));
}

void FindSearch::lookAt(const std::vector<fs::path>& files, const CancellationToken& interrupt) {
  TerminalProgress progress(shared_.quiet);
  PhotoQueue queue(files, localizer_.readSide());
  const auto total = static_cast<std::int64_t>(files.size());
  std::int64_t done = 0;
  for (DecodedPhoto photo; !interrupt.cancelled() && queue.next(photo);) {
    attempt(photo.path, [&] { look(photo); });
    progress.show({"looking at photos", ++done, total, displayName(photo.path.filename())});
  }
}

void FindSearch::look(const DecodedPhoto& photo) {
  if (!photo.error.empty()) throw InputError(photo.error);
  const PhotoFeatures features = localizer_.describe(photo.image, photo.full);
  // All boxes, so that a photo without a match still has its score.
  keep(photo.path, features, localizer_.locate(query_, features),
       photo.image.size() == photo.full ? &photo.image : nullptr);
}

void FindSearch::lookInto(const Indexed& indexed, const CancellationToken& interrupt) {
  const Catalogue catalogue = Catalogue::forReading(indexed.catalogue);
  const auto counts = [&](const fs::path& path) {
    return indexed.below.empty() || std::ranges::any_of(indexed.below, [&](const fs::path& part) {
             return isBelow(path, part);
           });
  };
  search(catalogue, indexed, counts, interrupt);
  catalogue.forEachPhoto([&](const PhotoEntry& entry) {
    if (entry.state == PhotoState::failed && counts(entry.path))
      addFailed(catalogue.folder() / entry.path, entry.error);
  });
}

std::vector<fs::path> FindSearch::lookInto(const Indexed& indexed,
                                           const std::vector<fs::path>& files,
                                           const CancellationToken& interrupt) {
  const Catalogue catalogue = Catalogue::forReading(indexed.catalogue);
  const std::string& identity = setup().identity;
  std::unordered_set<std::string> known;
  std::vector<FailedPhoto> failed;
  catalogue.forEachPhoto([&](const PhotoEntry& entry) {
    const fs::path shown = indexed.shown / entry.path;
    if (entry.state == PhotoState::waiting || entry.describedWith != identity ||
        !isUnchanged(entry, shown))
      return;
    known.insert(keyOf(shown));
    if (entry.state == PhotoState::failed) failed.push_back({shown, entry.error});
  });
  search(
      catalogue, indexed,
      [&](const fs::path& path) { return known.contains(keyOf(indexed.shown / path)); }, interrupt);
  for (const FailedPhoto& photo : failed) addFailed(photo.path, photo.error);
  std::vector<fs::path> others;
  std::ranges::copy_if(files, std::back_inserter(others),
                       [&](const fs::path& file) { return !known.contains(keyOf(file)); });
  return others;
}

const RegionSetup& FindSearch::setup() {
  if (!setup_) setup_ = regionSetup(localizer_, modelFile(shared_));
  return *setup_;
}

void FindSearch::search(const Catalogue& catalogue, const Indexed& indexed,
                        const PathFilter& counts, const CancellationToken& interrupt) {
  FeatureCache cache = FeatureCache::openDefault();
  PhotoSearch search(catalogue, localizer_, &cache, setup());
  TerminalProgress progress(shared_.quiet);
  search.refresh(interrupt, progress.callback());
  SearchOptions options;
  options.threshold = report_.threshold;
  options.counts = counts;
  if (indexed.closest) options.closest = options.most = *indexed.closest;
  std::int64_t done = 0;
  const SearchOutcome outcome =
      search.find(query_, options, interrupt, [&](const LookedPhoto& looked) {
        const fs::path path =
            indexed.shown.empty() ? looked.path : indexed.shown / looked.photo.path;
        attempt(path, [&] {
          if (!looked.error.empty()) throw InputError(looked.error);
          keep(path, *looked.features, looked.found, nullptr);
        });
        progress.show({"looking closely at the best", ++done, 0, displayName(path.filename())});
      });
  if (const std::string trouble = cache.takeTrouble(); !trouble.empty()) complain(trouble);
  report_.indexes.push_back({indexed.catalogue, outcome.ranked, outcome.looked});
}

void FindSearch::keep(const fs::path& path, const PhotoFeatures& features, const Detections& found,
                      const Image* image) {
  FoundPhoto entry{path, features.photo(), found.score, {}};
  for (const ScoredBox& box : found.boxes) {
    if (box.score >= report_.threshold) entry.boxes.push_back(box);
  }
  report_.photos.push_back(entry);
  if (!pictures_ || entry.boxes.empty()) return;
  const Image read = image == nullptr ? readPhoto(path) : Image();
  pictures_->write(path, image == nullptr ? read : *image, entry.boxes,
                   localizer_.attend(query_, features));
}

void FindSearch::addFailed(const fs::path& path, const std::string& error) {
  report_.failed.push_back({path, error});
  complain(error);
}

// One bad photo never ends a search; an output that cannot be written does.
void FindSearch::attempt(const fs::path& path, const std::function<void()>& work) {
  try {
    work();
  } catch (const OutputError&) {
    throw;
  } catch (const Error& error) {
    addFailed(path, error.what());
  }
}

}  // namespace inkling
