#include "core/exporting/photo_exporter.h"

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

#include "core/base/path.h"
#include "core/image/overlay.h"
#include "core/image/photo_file.h"
#include "core/inference/feature_codec.h"
#include "core/search/model_describer.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

// What is wrong with a photo; empty: nothing. Where the output is at fault, no photo is.
template <typename Work>
std::string failureOf(Work&& work) {
  try {
    work();
    return "";
  } catch (const OutputError&) {
    throw;
  } catch (const Error& error) {
    return error.what();
  } catch (const std::bad_alloc&) {
    return "not enough memory";
  }
}

}  // namespace

PhotoExporter::PhotoExporter(const ExportTools& tools, const ExportSetup& setup,
                             const ExportFormat& format, const ExportNames& names, fs::path folder,
                             Shard shard)
    : tools_(tools),
      setup_(setup),
      format_(format),
      names_(names),
      folder_(std::move(folder)),
      shard_(shard) {}

PhotoExporter::Read PhotoExporter::read(std::size_t number, const fs::path& path) const {
  Read photo;
  photo.number = number;
  photo.path = path;
  photo.error = failureOf([&] { photo.bytes = readPhotoFile(folder_ / path); });
  if (!photo.error.empty()) {
    photo.elsewhere = !shard_.hasUnreadable(path);
    return photo;
  }
  photo.content = hashBytes(photo.bytes);
  photo.elsewhere = !shard_.has(photo.content);
  if (photo.elsewhere) return photo;
  photo.error = failureOf([&] {
    if (tools_.cache != nullptr) {
      if (const auto known = tools_.cache->get(photo.content, tools_.featuresIdentity))
        photo.features = decodeFeatures(*known, displayName(path));
    }
    if (!photo.features)
      photo.photo = decodePhotoReduced(photo.bytes, displayName(path), tools_.localizer.readSide());
    if (!format_.needsPicture()) std::string().swap(photo.bytes);
  });
  return photo;
}

// For pictures, at full size; only what is larger than a photo may be is reduced.
void PhotoExporter::readWhole(Read& photo) const {
  if (photo.photo.image.empty() || photo.photo.image.size() != photo.photo.full)
    photo.photo =
        decodePhotoReduced(photo.bytes, displayName(photo.path), std::numeric_limits<int>::max());
  std::string().swap(photo.bytes);
}

void PhotoExporter::describe(std::span<Read> photos) const {
  if (batchSize() == 1) return;
  std::vector<Read*> unknown;
  std::vector<PhotoRead> read;
  for (Read& photo : photos) {
    if (!photo.error.empty() || photo.elsewhere || photo.features || photo.photo.image.empty())
      continue;
    unknown.push_back(&photo);
    read.push_back({&photo.photo, photo.content, displayName(photo.path)});
  }
  if (read.size() < 2) return;
  failureOf([&] {
    std::vector<PhotoFeatures> features =
        describeRead(tools_.localizer, read, tools_.featuresIdentity, tools_.cache);
    for (std::size_t i = 0; i < unknown.size(); ++i) unknown[i]->features = std::move(features[i]);
  });
}

PhotoExporter::Result PhotoExporter::look(Read photo) const {
  Result result;
  result.record.number = photo.number;
  if (photo.elsewhere) {
    result.record.kind = ExportRecord::Kind::elsewhere;
    return result;
  }
  std::string error = photo.error;
  if (error.empty()) {
    error = failureOf([&] {
      const PhotoFeatures features =
          photo.features
              ? *photo.features
              : describeRead(tools_.localizer, photo.photo, photo.content, displayName(photo.path),
                             tools_.featuresIdentity, tools_.cache);
      result.record.photo = locate(photo, features);
      result.files = filesOf(photo, features, result.record.photo);
    });
  }
  if (error.empty()) return result;
  result = {};
  result.record.number = photo.number;
  result.record.kind = ExportRecord::Kind::failed;
  result.record.error = told(error, photo.path);
  return result;
}

ExportedPhoto PhotoExporter::locate(const Read& photo, const PhotoFeatures& features) const {
  ExportedPhoto found;
  found.path = photo.path;
  found.size = features.photo();
  const std::vector<Detections> all = locateAll(features);
  for (std::size_t category = 0; category < all.size(); ++category) {
    for (const ScoredBox& box : all[category].boxes) found.boxes.push_back({category, box});
  }
  return rounded(std::move(found));
}

// What was found for each category.
std::vector<Detections> PhotoExporter::locateAll(const PhotoFeatures& features) const {
  LocateOptions options;
  options.threshold = setup_.threshold;
  const auto most = static_cast<std::size_t>(batchSize());
  std::vector<Detections> all;
  std::vector<std::pair<const SketchQuery*, const PhotoFeatures*>> pairs;
  const auto locateThem = [&] {
    for (Detections& found : tools_.localizer.locate(pairs, options))
      all.push_back(std::move(found));
    pairs.clear();
  };
  for (const SketchQuery& query : tools_.queries) {
    const bool fits = pairs.empty() ||
                      (pairs.size() < most && pairs.front().first->sketches() == query.sketches());
    if (!fits) locateThem();
    pairs.emplace_back(&query, &features);
  }
  locateThem();
  return all;
}

std::vector<ExportFile> PhotoExporter::filesOf(Read& photo, const PhotoFeatures& features,
                                               const ExportedPhoto& found) const {
  ExportPictures pictures;
  if (format_.needsPicture() && !found.boxes.empty()) {
    readWhole(photo);
    pictures.photo = &photo.photo.image;
    pictures.overlay = [&](std::size_t category) {
      const AttentionMaps maps = tools_.localizer.attend(tools_.queries[category], features);
      return blendHeatMap(photo.photo.image, maps.rollout());
    };
  }
  return format_.filesOf(found, names_.nameOf(photo.path), pictures);
}

// The same wherever the folder lies, and however it was called.
std::string PhotoExporter::told(const std::string& error, const fs::path& path) const {
  const std::string name = displayName(path), whole = displayName(folder_ / path);
  if (!error.starts_with(whole)) return error;
  return name + error.substr(whole.size());
}

}  // namespace inkling
