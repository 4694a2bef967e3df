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

}  // namespace

// Through bytes, with their lower precision: what is said of a photo must not depend on whether its
// features came from the cache.
PhotoFeatures describeRead(const Localizer& localizer, const ReducedPhoto& photo,
                           const ContentHash& content, const std::string& name,
                           const std::string& identity, FeatureCache* cache) {
  const PhotoRead one{&photo, content, name};
  return std::move(describeRead(localizer, std::span(&one, 1), identity, cache).front());
}

std::vector<PhotoFeatures> describeRead(const Localizer& localizer,
                                        std::span<const PhotoRead> photos,
                                        const std::string& identity, FeatureCache* cache) {
  std::vector<PhotoToDescribe> wanted;
  for (const PhotoRead& each : photos) {
    if (each.photo->image.empty()) fail<InputError>("{}: an empty picture", each.name);
    wanted.push_back({&each.photo->image, each.photo->full});
  }
  std::vector<PhotoFeatures> all = localizer.describe(wanted);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string bytes = encodeFeatures(all[i]);
    if (cache != nullptr) cache->put(photos[i].content, identity, bytes);
    all[i] = decodeFeatures(bytes, photos[i].name);
  }
  return all;
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
  // Decoded photos are large, and copies of described photos are not asked for.
  if (ahead_.size() > static_cast<std::size_t>(ahead())) ahead_.pop_front();
  ahead_.push_back({photo, std::async(std::launch::async, [this, photo] { return read(photo); })});
}

ModelDescriber::ReadPhoto ModelDescriber::take(const fs::path& path, const ContentHash& content) {
  const auto found = std::find_if(ahead_.begin(), ahead_.end(),
                                  [&](const Ahead& ahead) { return ahead.path == path; });
  if (found != ahead_.end()) {
    Ahead ahead = std::move(*found);
    ahead_.erase(found);
    try {
      ReadPhoto read = ahead.read ? std::move(*ahead.read) : ahead.photo.get();
      if (read.content == content) return read;
    } catch (const InputError&) {
      // It may have been incomplete then, and be whole now.
    }
  }
  return read(path);
}

DescribedPhoto ModelDescriber::describe(const fs::path& photo, const ContentHash& content) {
  ReadPhoto read = take(photo, content);
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

// Describes a photo and those that come next. One that cannot be read, and a batch that cannot be
// described, are left to their turn, which tells what is wrong.
void ModelDescriber::describeWithNext(ReadPhoto& read, const fs::path& path) {
  const auto most = static_cast<std::size_t>(localizer_.batchSize());
  std::vector<ReadPhoto*> all{&read};
  std::vector<PhotoRead> photos{{&read.photo, read.content, displayName(path)}};
  for (Ahead& next : ahead_) {
    if (photos.size() >= most) break;
    try {
      if (!next.read) next.read = next.photo.get();
    } catch (const Error&) {
      next.photo = std::async(std::launch::deferred,
                              [this, where = next.path] { return ModelDescriber::read(where); });
      continue;
    }
    if (!next.read->features.empty() || next.read->described || next.read->photo.image.empty())
      continue;
    all.push_back(&*next.read);
    photos.push_back({&next.read->photo, next.read->content, displayName(next.path)});
  }
  if (photos.size() < 2) return;
  try {
    std::vector<PhotoFeatures> features =
        describeRead(localizer_, photos, featuresIdentity_, cache_);
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i]->described = std::move(features[i]);
      all[i]->photo = {};
    }
  } catch (const Error&) {
    return;
  } catch (const std::bad_alloc&) {
    return;
  }
}

PhotoFeatures ModelDescriber::featuresOf(ReadPhoto& read, const fs::path& path) {
  const std::string name = displayName(path);
  if (localizer_.batchSize() > 1 && read.features.empty() && !read.described)
    describeWithNext(read, path);
  if (read.described) return *read.described;
  if (!read.features.empty()) {
    ++fromCache_;
    return decodeFeatures(read.features, name);
  }
  return describeRead(localizer_, read.photo, read.content, name, featuresIdentity_, cache_);
}

}  // namespace inkling
