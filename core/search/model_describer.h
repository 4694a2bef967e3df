// Describes the photos of a catalogue with the model.
//
//   ModelDescriber describer(localizer, modelFile, {"regions-1", recordOf}, &cache);
//   describePhotos(catalogue, describer);
//
// A photo's features are large; they go to the cache, from which they may vanish again. What the
// catalogue keeps for good is a small record made from them. A photo whose features are in the
// cache already - it was looked at in the window, or lies in another folder, too - is not looked at
// again.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <future>
#include <optional>
#include <span>
#include <string>

#include "core/image/photo_reader.h"
#include "core/inference/localizer.h"
#include "core/search/feature_cache.h"
#include "core/search/photo_indexer.h"

namespace inkling {

/// What the catalogue keeps of a photo.
struct RecordMaker {
  std::string version;  ///< another one when `make` says other things of the same features
  std::function<std::string(const PhotoFeatures&)> make;
};

/// Under which name the features of this model are kept in a FeatureCache: a hash of the file and
/// the version of the format. Throws InputError.
std::string featuresIdentity(const std::filesystem::path& modelFile,
                             const std::string& precision = "float32");

/// Who has described a photo: the model, and what is kept of its features (RecordMaker::version).
std::string describerIdentity(const std::string& featuresIdentity, const std::string& record);

/// The features of a photo, described now and kept in `cache` (may be null) under `identity`, which
/// is featuresIdentity(). The same as those that come from the cache. Throws InputError.
PhotoFeatures describeFile(const Localizer& localizer, const std::filesystem::path& photo,
                           const std::string& identity, FeatureCache* cache);

/// The same of a photo that has been read: `content` is the hash of its file.
PhotoFeatures describeRead(const Localizer& localizer, const ReducedPhoto& photo,
                           const ContentHash& content, const std::string& name,
                           const std::string& identity, FeatureCache* cache);

/// A photo that has been read.
struct PhotoRead {
  const ReducedPhoto* photo = nullptr;
  ContentHash content;  ///< of its file
  std::string name;     ///< for messages
};

/// The same of several photos at once (Localizer::batchSize).
std::vector<PhotoFeatures> describeRead(const Localizer& localizer,
                                        std::span<const PhotoRead> photos,
                                        const std::string& identity, FeatureCache* cache);

class ModelDescriber : public PhotoDescriber {
 public:
  /// `localizer` was loaded from `modelFile`; it and `cache` (may be null) outlive the describer.
  /// Throws InputError if the file cannot be read any more.
  ModelDescriber(const Localizer& localizer, const std::filesystem::path& modelFile,
                 RecordMaker record, FeatureCache* cache = nullptr);
  /// Waits for the photo that is being read.
  ~ModelDescriber() override;

  /// Of the model and the record.
  std::string identity() const override;
  DescribedPhoto describe(const std::filesystem::path& photo, const ContentHash& content) override;
  /// Reads and decodes the photo on another thread.
  void readAhead(const std::filesystem::path& photo) override;
  /// On a card photos are described several at a time.
  int ahead() const override { return ahead(localizer_.batchSize()); }

  /// How many photos were known from the cache.
  std::int64_t fromCache() const { return fromCache_; }

 private:
  struct ReadPhoto {
    ContentHash content;
    int orientation = 1;
    std::string features;  ///< from the cache; empty: `photo` is there instead
    ReducedPhoto photo;
    std::optional<PhotoFeatures> described;  ///< if it was, together with one before it
  };
  struct Ahead {
    std::filesystem::path path;
    std::future<ReadPhoto> photo;
    std::optional<ReadPhoto> read = {};  ///< what `photo` gave
  };
  ReadPhoto read(const std::filesystem::path& path) const;
  ReadPhoto take(const std::filesystem::path& path, const ContentHash& content);
  void describeWithNext(ReadPhoto& read, const std::filesystem::path& path);
  PhotoFeatures featuresOf(ReadPhoto& read, const std::filesystem::path& path);
  static int ahead(int batch) { return batch > 1 ? 2 * batch : 1; }

  const Localizer& localizer_;
  const std::string featuresIdentity_;
  const RecordMaker record_;
  FeatureCache* const cache_;
  std::deque<Ahead> ahead_;  ///< the photo in hand and the next ones
  std::int64_t fromCache_ = 0;
};

}  // namespace inkling
