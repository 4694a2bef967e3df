#include "core/search/model_describer.h"

#include <algorithm>
#include <utility>

#include "core/base/path.h"
#include "core/image/photo_file.h"
#include "core/inference/feature_codec.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

// Another number when the same model says other things of a photo, or they are written otherwise.
constexpr int kFeaturesVersion = 2;
// Decoded photos are large.
constexpr std::size_t kAhead = 2;

}  // namespace

// Through bytes, with their lower precision: what is said of a photo must not depend on whether its
// features came from the cache.
PhotoFeatures describeRead(const Localizer& localizer, const ReducedPhoto& photo,
                           const ContentHash& content, const std::string& name,
                           const std::string& identity, FeatureCache* cache) {
  if (photo.image.empty()) fail<InputError>("{}: an empty picture", name);
  const std::string bytes = encodeFeatures(localizer.describe(photo.image, photo.full));
  if (cache != nullptr) cache->put(content, identity, bytes);
  return decodeFeatures(bytes, name);
}

PhotoFeatures describeFile(const Localizer& localizer, const fs::path& photo,
                           const std::string& identity, FeatureCache* cache) {
  const std::string bytes = readPhotoFile(photo);
  const std::string name = displayName(photo);
  return describeRead(localizer, decodePhotoReduced(bytes, name, localizer.readSide()),
                      hashBytes(bytes), name, identity, cache);
}

std::string featuresIdentity(const fs::path& modelFile, const std::string& precision) {
  const std::string usual = fmt::format("{}-{}", hashFile(modelFile).hex(), kFeaturesVersion);
  return precision == "float32" ? usual : usual + "-" + precision;
}

std::string describerIdentity(const std::string& featuresIdentity, const std::string& record) {
  return featuresIdentity + "/" + record;
}

ModelDescriber::ModelDescriber(const Localizer& localizer, const fs::path& modelFile,
                               RecordMaker record, FeatureCache* cache)
    : localizer_(localizer),
      featuresIdentity_(inkling::featuresIdentity(modelFile, localizer.precision())),
      record_(std::move(record)),
      cache_(cache) {}

ModelDescriber::~ModelDescriber() = default;

std::string ModelDescriber::identity() const {
  return describerIdentity(featuresIdentity_, record_.version);
}

// On any thread.
ModelDescriber::ReadPhoto ModelDescriber::read(const fs::path& path) const {
  const std::string bytes = readPhotoFile(path);
  const std::string name = displayName(path);
  ReadPhoto photo;
  // Of these very bytes: features must never be kept under the hash of another content.
  photo.content = hashBytes(bytes);
  photo.orientation = photoFacts(bytes, name).orientation;
  if (cache_ != nullptr) {
    if (auto known = cache_->get(photo.content, featuresIdentity_)) {
      photo.features = std::move(*known);
      return photo;
    }
  }
  photo.photo = decodePhotoReduced(bytes, name, localizer_.readSide());
  return photo;
}

void ModelDescriber::readAhead(const fs::path& photo) {
  // Copies of described photos are not asked for.
  if (ahead_.size() >= kAhead) ahead_.pop_front();
  ahead_.push_back({photo, std::async(std::launch::async, [this, photo] { return read(photo); })});
}

ModelDescriber::ReadPhoto ModelDescriber::take(const fs::path& path, const ContentHash& content) {
  const auto found = std::find_if(ahead_.begin(), ahead_.end(),
                                  [&](const Ahead& ahead) { return ahead.path == path; });
  if (found != ahead_.end()) {
    std::future<ReadPhoto> photo = std::move(found->photo);
    ahead_.erase(found);
    try {
      ReadPhoto read = photo.get();
      if (read.content == content) return read;
    } catch (const InputError&) {
      // It may have been incomplete then, and be whole now.
    }
  }
  return read(path);
}

DescribedPhoto ModelDescriber::describe(const fs::path& photo, const ContentHash& content) {
  const ReadPhoto read = take(photo, content);
  if (read.content != content) {
    fail<InputError>("{}: has changed while it was read", displayName(photo));
  }
  const PhotoFeatures features = featuresOf(read, photo);
  DescribedPhoto described;
  described.width = features.photo().width;
  described.height = features.photo().height;
  described.orientation = read.orientation;
  described.features = record_.make(features);
  return described;
}

PhotoFeatures ModelDescriber::featuresOf(const ReadPhoto& read, const fs::path& path) {
  const std::string name = displayName(path);
  if (!read.features.empty()) {
    ++fromCache_;
    return decodeFeatures(read.features, name);
  }
  return describeRead(localizer_, read.photo, read.content, name, featuresIdentity_, cache_);
}

}  // namespace inkling
