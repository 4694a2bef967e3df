// Training an inverted file on a sample of photos and choosing its code there.
// Internal to core/search/region_index*.
#pragma once

#include <cstdint>
#include <vector>

#include "core/search/region_index_builder.h"
#include "core/search/region_index_training.h"

namespace inkling {

/// A random sample of whole photos, taken in one pass over any number of them.
class PhotoSample {
 public:
  /// `width` >= dimension: the vectors are filled up with zeros.
  PhotoSample(int dimension, int width, std::size_t maxVectors, std::uint64_t seed);

  void add(const RegionVectors& photo);

  struct Photo {
    std::uint64_t ticket = 0;
    std::int64_t id = 0;
    std::size_t vectors = 0;
  };
  const std::vector<Photo>& photos() const { return photos_; }
  /// Rows of `width`, photo after photo.
  const std::vector<float>& vectors() const { return vectors_; }

 private:
  void halve();

  std::size_t dimension_, width_, maxVectors_;
  std::uint64_t seed_, seen_ = 0;
  std::uint64_t highestTicket_ = ~std::uint64_t{0};
  std::vector<Photo> photos_;
  std::vector<float> vectors_;
};

/// A code and how well it did on the sample.
struct CodeCandidate {
  ResidualCode code;
  double recall = 0;
};

struct TrainedLists {
  std::vector<float> centroids;
  /// From the one to take on; each of the next ones has more bytes than the one before.
  std::vector<CodeCandidate> codes;
};

/// As many lists as suit the number of vectors, and as a query may visit of them.
int listsFor(std::int64_t vectors);
int mostListsVisited(int lists);

/// Trains on the sample and tries the codes from the shortest on. `photos` and `vectors`: of the
/// whole collection. The ranks that count are scaled down with the sample, which keeps the question
/// about as hard: the best 50 of a million are asked for as the best 5 of 16,000.
TrainedLists trainLists(const PhotoSample& sample, const RegionIndexOptions& options,
                        std::int64_t photos, std::int64_t vectors, const CancellationToken& token);

}  // namespace inkling
