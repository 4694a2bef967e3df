// The regions of all photos of a catalogue, ready to be searched: the region index on the disk and,
// in memory, what has changed since it was built.
//
//   RegionLibrary library(catalogue, setup);    // catalogue_setup of the model, see below
//   library.refresh();                          // after the catalogue has changed
//   for (const PhotoHit& hit : library.rank(probes, 1000)) ...
//
// The index file lies beside the catalogue (NAME.regions), or in the user's cache folder where that
// place cannot be written. It is made from the catalogue and can be deleted at any time.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/base/cancellation.h"
#include "core/base/progress.h"
#include "core/search/catalogue.h"
#include "core/search/region_index.h"

namespace inkling {

/// What the library has to know of the model.
struct RegionSetup {
  std::string identity;  ///< PhotoDescriber::identity(): photos described otherwise do not count
  std::string features;  ///< featuresIdentity(): how a FeatureCache knows features of this model
  int dimension = 0;     ///< of the vectors
  /// The vectors of a photo's record in the catalogue; `name` stands for it in messages. Throws
  /// InputError.
  std::function<std::vector<float>(std::string_view record, const std::string& name)> vectors;
  /// Vectors as queries have them, row by row, with which a large index measures its recall.
  std::vector<float> sampleQueries;
  /// So many photos are searched in memory before an index is built or renewed, and a tenth of
  /// those that the index has.
  std::int64_t tailLimit = 4000;
  std::int64_t exactLimit = 200'000;  ///< RegionIndexOptions::exactLimit
};

class RegionLibrary {
 public:
  /// `catalogue` outlives the library and belongs to the same thread.
  RegionLibrary(const Catalogue& catalogue, RegionSetup setup);

  /// Takes in what has changed in the catalogue; builds the index anew where too much has. A
  /// damaged index, or one of another catalogue or model, is left alone until it is replaced.
  /// Throws Cancelled (what was taken in stays), DamagedDatabase, OutputError when an index is
  /// needed and cannot be written anywhere.
  void refresh(const CancellationToken& token = {}, const ProgressCallback& progress = {});

  /// Builds the index now if anything has changed since it was built. Throws as refresh() does.
  void build(const CancellationToken& token = {}, const ProgressCallback& progress = {});

  /// Photos by the largest inner product of their regions with any of `probes`, best first.
  /// `filter`, unless empty, says which photos count.
  std::vector<PhotoHit> rank(std::span<const float> probes, int limit,
                             const PhotoFilter& filter = {}) const;

  /// Photos that rank() knows.
  std::int64_t photos() const;
  /// The index file in use.
  const std::optional<RegionIndex>& index() const { return index_; }
  std::int64_t inMemory() const { return tail_.photos(); }

 private:
  void openIndex();
  void takeIn(const PhotoEntry& entry, Catalogue::FeatureReader& reader);
  void readChanges(const CancellationToken& token);
  bool indexIsDue() const;
  bool counts(const PhotoEntry& entry) const;
  std::optional<RegionVectors> vectorsOf(const PhotoEntry& entry,
                                         Catalogue::FeatureReader& reader) const;
  std::string indexIdentity() const;
  void walk(const std::function<void(const RegionVectors&)>& take,
            const CancellationToken& token) const;

  const Catalogue& catalogue_;
  const RegionSetup setup_;
  std::optional<RegionIndex> index_;
  RegionTail tail_;
  /// Of photos that have changed since the index was built: what it says of them does not count.
  std::unordered_set<std::int64_t> changed_;
  std::unordered_set<std::int64_t> inTail_;  ///< the part of them that tail_ has and that is there
  std::int64_t revision_ = 0, lastId_ = 0;   ///< up to which the catalogue has been read
  bool looked_ = false;                      ///< for an index file
};

/// Where the region index of a catalogue is looked for, in this order.
std::vector<std::filesystem::path> regionIndexPlaces(const Catalogue& catalogue);

}  // namespace inkling
