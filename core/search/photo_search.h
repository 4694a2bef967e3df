// Search of an indexed folder in two stages: the regions nearest to the drawings put all photos in
// an order, and the model looks closely at the best of them.
//
//   const Catalogue catalogue = Catalogue::forReading(*existingCatalogue(folder));
//   PhotoSearch search(catalogue, localizer, modelFile, &cache);
//   search.refresh();                                      // once, and when photos have changed
//   const SearchOutcome outcome = search.find(query, {}, token, [&](const LookedPhoto& photo) {
//     show(photo);                                         // one photo after another
//   });
//
// Stage one asks the region index for the photos whose regions have the largest inner products with
// the query, and puts these in order by what their records in the catalogue let the model expect
// (Localizer::estimate); no photo is opened. Stage two runs `locate` on photos in that order, with
// features from the cache, or described anew where the cache has them no more or the file has
// changed. It looks at `closest` photos in any case, and on as long as it still finds something.
//
// The answer depends on the content of the catalogue and on the photos alone: the same for the same
// catalogue, whatever is cached.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/inference/localizer.h"
#include "core/search/feature_cache.h"
#include "core/search/model_describer.h"
#include "core/search/region_library.h"

namespace inkling {

/// What the catalogue keeps of a photo for searching it: its regions.
RecordMaker regionRecord(const Localizer& localizer);

/// What a RegionLibrary has to know of the model. `localizer` outlives it.
RegionSetup regionSetup(const Localizer& localizer, const std::filesystem::path& modelFile);

struct SearchOptions {
  /// Photos that are looked at closely whatever is found.
  std::int64_t closest = 50;
  /// Beyond these: the search ends after so many photos in a row without a box from `threshold` up.
  std::int64_t patience = 25;
  /// Photos that are looked at closely at most.
  std::int64_t most = 2000;
  double threshold = 0;
  /// Which photos count, by their paths below the catalogue's folder; empty: all.
  std::function<bool(const std::filesystem::path&)> counts;

  /// Looks closely at every photo, which takes as long as without an index but for describing.
  static SearchOptions everything() {
    constexpr auto kAll = std::numeric_limits<std::int64_t>::max();
    return {kAll, kAll, kAll, 0, {}};
  }
};

/// A photo that was looked at closely.
struct LookedPhoto {
  PhotoEntry photo;
  std::filesystem::path path;  ///< absolute
  Size size;
  Detections found;                         ///< all boxes, as locate() gives them
  const PhotoFeatures* features = nullptr;  ///< while the photo is told; null with an error
  double estimate = 0;                      ///< of stage one
  std::string error;                        ///< not empty: it could not be looked at, and why
};

struct SearchOutcome {
  std::int64_t photos = 0;     ///< that are described
  std::int64_t ranked = 0;     ///< photos that count, put in order by stage one
  std::int64_t looked = 0;     ///< of them by stage two
  std::int64_t described = 0;  ///< of them anew, as the cache had nothing
  std::int64_t waiting = 0;    ///< photos of the folder that have not been described yet
  double stageOneSeconds = 0, stageTwoSeconds = 0;
  bool finished = true;  ///< false: cancelled
};

class PhotoSearch {
 public:
  /// All outlive the search; `cache` may be null. `localizer` was loaded from `modelFile`. Throws
  /// ModelError for a model without an index.
  PhotoSearch(const Catalogue& catalogue, const Localizer& localizer,
              const std::filesystem::path& modelFile, FeatureCache* cache);
  /// The same with a setup of one's own, made from regionSetup().
  PhotoSearch(const Catalogue& catalogue, const Localizer& localizer, FeatureCache* cache,
              RegionSetup setup);

  /// Takes in changes of the catalogue: RegionLibrary::refresh().
  void refresh(const CancellationToken& token = {}, const ProgressCallback& progress = {});

  /// `each` is told of every photo that was looked at, in the order of stage one; photos that are
  /// gone are left out. Cancelling `token` ends the search after the photo in hand.
  SearchOutcome find(const SketchQuery& query, const SearchOptions& options,
                     const CancellationToken& token,
                     const std::function<void(const LookedPhoto&)>& each) const;

  /// Only stage one: ids of the best photos with their estimates, best first.
  struct Candidate {
    std::int64_t photo = 0;
    double estimate = 0;
  };
  std::vector<Candidate> rank(const SketchQuery& query, std::int64_t limit,
                              const PhotoFilter& filter = {}) const;

  const RegionLibrary& library() const { return library_; }

 private:
  std::vector<Candidate> weighed(const RegionQuery& asked, const std::vector<PhotoHit>& hits) const;
  std::optional<PhotoFeatures> look(const SketchQuery& query, LookedPhoto& looked,
                                    SearchOutcome& outcome) const;
  PhotoFilter filterOf(const SearchOptions& options, SearchOutcome& outcome) const;
  PhotoFeatures featuresOf(const LookedPhoto& looked, SearchOutcome& outcome) const;

  const Catalogue& catalogue_;
  const Localizer& localizer_;
  const std::string featuresIdentity_;
  FeatureCache* const cache_;
  RegionLibrary library_;
};

}  // namespace inkling
