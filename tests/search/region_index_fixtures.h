// Region vectors that cluster like real ones, and the answers of a search that is too simple to be
// wrong.
#pragma once

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/random.h"
#include "core/search/region_index_builder.h"

namespace inkling {

constexpr int kDimension = 20;

/// Photos with 0 to 7 regions: things of `kinds` kinds, each with its own length (objectness).
class Collection {
 public:
  explicit Collection(int photos, std::uint64_t seed = 1, int kinds = 60)
      : random_(seed), centres_(static_cast<std::size_t>(kinds)) {
    for (auto& centre : centres_) {
      for (int i = 0; i < kDimension; ++i) centre.push_back(static_cast<float>(random_.normal()));
    }
    for (int photo = 0; photo < photos; ++photo) {
      RegionVectors& one = photos_.emplace_back();
      one.photo = 10 + 3 * photo;
      for (std::uint32_t region = random_.below(8); region > 0; --region) append(one.values);
    }
  }

  /// As drawings would give: near some kind of thing.
  std::vector<float> queries(int count) {
    std::vector<float> values;
    while (count-- > 0) append(values);
    return values;
  }

  const std::vector<RegionVectors>& photos() const { return photos_; }
  std::int64_t vectors() const {
    std::int64_t sum = 0;
    for (const RegionVectors& photo : photos_) sum += std::ssize(photo.values) / kDimension;
    return sum;
  }
  RegionSource source() const {
    return [this](const auto& take) {
      for (const RegionVectors& photo : photos_) take(photo);
    };
  }

 private:
  void append(std::vector<float>& values) {
    const std::vector<float>& centre = random_.pick(centres_);
    const double length = random_.uniform(0.5, 1.5);
    for (const float value : centre)
      values.push_back(static_cast<float>(length * (value + 0.4 * random_.normal())));
  }

  Random random_;
  std::vector<std::vector<float>> centres_;
  std::vector<RegionVectors> photos_;
};

/// All regions that pass, best first.
inline std::vector<RegionHit> bruteForce(const std::vector<RegionVectors>& photos,
                                         std::span<const float> query,
                                         const PhotoFilter& filter = {}) {
  std::vector<RegionHit> hits;
  for (const RegionVectors& photo : photos) {
    if (filter && !filter(photo.photo)) continue;
    for (std::size_t at = 0; at < photo.values.size(); at += query.size()) {
      double score = 0;
      for (std::size_t i = 0; i < query.size(); ++i)
        score += static_cast<double>(query[i]) * static_cast<double>(photo.values[at + i]);
      hits.push_back(
          {photo.photo, static_cast<std::int32_t>(at / query.size()), static_cast<float>(score)});
    }
  }
  std::ranges::sort(hits, [](const RegionHit& a, const RegionHit& b) { return better(a, b); });
  return hits;
}

/// All photos that pass, best first.
inline std::vector<PhotoHit> bruteForceRanking(const std::vector<RegionVectors>& photos,
                                               std::span<const float> queries,
                                               const PhotoFilter& filter = {}) {
  std::vector<PhotoHit> all;
  for (std::size_t q = 0; q < queries.size() / kDimension; ++q) {
    for (const RegionHit& hit :
         bruteForce(photos, queries.subspan(q * kDimension, kDimension), filter))
      all.push_back({hit.photo, hit.region, static_cast<std::int32_t>(q), hit.score});
  }
  return mergeRankings(all, {}, photos.size());
}

class RegionIndexTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static RegionIndexOptions options() {
    RegionIndexOptions options;
    options.dimension = kDimension;
    options.identity = "model-1";
    options.revision = 42;
    return options;
  }
  /// So that a small collection gets an inverted file.
  static RegionIndexOptions approximate(Collection& collection) {
    RegionIndexOptions small = options();
    small.exactLimit = 1000;
    small.recallTop = 10;
    small.recallCandidates = 30;
    small.sampleQueries = collection.queries(40);
    return small;
  }
  RegionIndex build(const Collection& collection, const RegionIndexOptions& with) const {
    buildRegionIndex(file_, collection.source(), with);
    return RegionIndex::open(file_);
  }

  std::filesystem::path folder_ = std::filesystem::temp_directory_path() /
                                  ("inkling-region-index-" + std::to_string(::getpid()) + "-" +
                                   testing::UnitTest::GetInstance()->current_test_info()->name());
  std::filesystem::path file_ = folder_ / "regions.index";
};

template <typename Hit>
std::vector<std::int64_t> photosOf(const std::vector<Hit>& hits) {
  std::vector<std::int64_t> photos;
  for (const Hit& hit : hits) photos.push_back(hit.photo);
  return photos;
}

/// The message of the E that `work` throws; empty if it throws none.
template <typename E, typename Work>
std::string messageOf(Work&& work) {
  try {
    work();
  } catch (const E& error) {
    return error.what();
  }
  return "";
}

}  // namespace inkling
