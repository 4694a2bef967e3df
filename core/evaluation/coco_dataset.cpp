#include "core/evaluation/coco_dataset.h"

#include <cmath>

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/base/json.h"

namespace inkling {
namespace {

const Json& listOf(const Json& json, const char* key, const std::string& name) {
  if (!json.is_object() || !json.contains(key) || !json[key].is_array()) {
    fail<InputError>("{}: the list \"{}\" is missing; is this a COCO instances file?", name, key);
  }
  return json[key];
}

// An id or a size. Some writers put whole numbers as 7.0.
std::int64_t wholeNumber(const Json& entry, const char* key, const std::string& where) {
  const auto value = jsonRequire<double>(entry, key, where);
  if (!(std::abs(value) < 9e15) || value != std::floor(value)) {
    fail<InputError>("{}: the field \"{}\" is not a whole number", where, key);
  }
  return static_cast<std::int64_t>(value);
}

int smallNumber(const Json& entry, const char* key, const std::string& where) {
  const std::int64_t value = wholeNumber(entry, key, where);
  if (value < 0 || value > 1'000'000'000) {
    fail<InputError>("{}: the field \"{}\" is out of range", where, key);
  }
  return static_cast<int>(value);
}

// Text, or a number in some files.
std::string textOrNumber(const Json& entry, const char* key, const std::string& where) {
  if (!entry.contains(key) || entry[key].is_null()) return {};
  if (entry[key].is_number_integer()) return entry[key].dump();
  return jsonGet<std::string>(entry, key, "", where);
}

PhotoRecord photoFrom(const Json& entry, const std::string& where) {
  PhotoRecord photo;
  photo.id = wholeNumber(entry, "id", where);
  photo.file = jsonRequire<std::string>(entry, "file_name", where);
  photo.width = smallNumber(entry, "width", where);
  photo.height = smallNumber(entry, "height", where);
  if (photo.width == 0 || photo.height == 0) fail<InputError>("{}: the photo has no size", where);
  if (entry.contains("license")) photo.license = smallNumber(entry, "license", where);
  photo.flickrId = textOrNumber(entry, "flickr_id", where);
  return photo;
}

Box boxFrom(const Json& entry, const std::string& where) {
  const auto values = jsonRequire<std::vector<double>>(entry, "bbox", where);
  if (values.size() != 4) fail<InputError>("{}: \"bbox\" is not [x, y, width, height]", where);
  for (const double value : values) {
    if (!(std::abs(value) < 1e9)) fail<InputError>("{}: \"bbox\" holds an absurd number", where);
  }
  if (values[2] < 0 || values[3] < 0) fail<InputError>("{}: \"bbox\" has a negative size", where);
  return {values[0], values[1], values[2], values[3]};
}

bool flagFrom(const Json& entry, const char* key, const std::string& where) {
  if (!entry.contains(key)) return false;
  if (entry[key].is_boolean()) return entry[key].get<bool>();
  return smallNumber(entry, key, where) != 0;
}

Annotation annotationFrom(const Json& entry, std::size_t index, const std::string& where) {
  Annotation annotation;
  annotation.id =
      entry.contains("id") ? wholeNumber(entry, "id", where) : static_cast<std::int64_t>(index) + 1;
  annotation.photoId = wholeNumber(entry, "image_id", where);
  annotation.categoryId = smallNumber(entry, "category_id", where);
  annotation.box = boxFrom(entry, where);
  annotation.area = jsonGet<double>(entry, "area", annotation.box.area(), where);
  if (!(annotation.area >= 0)) fail<InputError>("{}: the field \"area\" is negative", where);
  annotation.crowd = flagFrom(entry, "iscrowd", where);
  return annotation;
}

Category categoryFrom(const Json& entry, const std::string& where) {
  Category category;
  category.id = smallNumber(entry, "id", where);
  category.name = jsonRequire<std::string>(entry, "name", where);
  category.sketchWord = textOrNumber(entry, "sketch", where);
  category.unseen = flagFrom(entry, "unseen", where);
  return category;
}

// "file: images[3]", for messages; checks that the entry is an object.
std::string placeOf(const Json& entry, const char* list, std::size_t index,
                    const std::string& name) {
  std::string where = fmt::format("{}: {}[{}]", name, list, index);
  if (!entry.is_object()) fail<InputError>("{} is not an object", where);
  return where;
}

}  // namespace

void CocoDataset::buildIndex(const std::string& name) {
  photoIndex_.clear();
  categoryIndex_.clear();
  annotationsOfPhoto_.assign(photos.size(), {});
  for (std::size_t i = 0; i < photos.size(); ++i) {
    if (!photoIndex_.emplace(photos[i].id, i).second) {
      fail<InputError>("{}: two photos have the id {}", name, photos[i].id);
    }
  }
  for (std::size_t i = 0; i < categories.size(); ++i) {
    if (!categoryIndex_.emplace(categories[i].id, i).second) {
      fail<InputError>("{}: two categories have the id {}", name, categories[i].id);
    }
  }
  for (std::size_t i = 0; i < annotations.size(); ++i) {
    const Annotation& annotation = annotations[i];
    const auto photo = photoIndex_.find(annotation.photoId);
    if (photo == photoIndex_.end()) {
      fail<InputError>("{}: annotation {} is of photo {}, which is not there", name, annotation.id,
                       annotation.photoId);
    }
    if (!categoryIndex_.contains(annotation.categoryId)) {
      fail<InputError>("{}: annotation {} is of category {}, which is not there", name,
                       annotation.id, annotation.categoryId);
    }
    annotationsOfPhoto_[photo->second].push_back(i);
  }
}

const std::vector<std::size_t>& CocoDataset::annotationsOf(std::size_t photo) const {
  if (photo >= annotationsOfPhoto_.size()) fail<UsageError>("there is no photo {}", photo);
  return annotationsOfPhoto_[photo];
}

const Category* CocoDataset::category(int id) const {
  const auto found = categoryIndex_.find(id);
  return found == categoryIndex_.end() ? nullptr : &categories[found->second];
}

std::size_t CocoDataset::photoIndex(std::int64_t id) const {
  const auto found = photoIndex_.find(id);
  if (found == photoIndex_.end()) fail<UsageError>("there is no photo with the id {}", id);
  return found->second;
}

CocoDataset cocoDatasetFromJson(std::string_view text, const std::string& name) {
  const Json json = parseJson(text, name);
  CocoDataset dataset;
  for (const Json& entry : listOf(json, "images", name)) {
    dataset.photos.push_back(
        photoFrom(entry, placeOf(entry, "images", dataset.photos.size(), name)));
  }
  for (const Json& entry : listOf(json, "categories", name)) {
    dataset.categories.push_back(
        categoryFrom(entry, placeOf(entry, "categories", dataset.categories.size(), name)));
  }
  for (const Json& entry : listOf(json, "annotations", name)) {
    const std::size_t index = dataset.annotations.size();
    dataset.annotations.push_back(
        annotationFrom(entry, index, placeOf(entry, "annotations", index, name)));
  }
  dataset.buildIndex(name);
  return dataset;
}

CocoDataset readCocoDataset(const std::filesystem::path& path) {
  return cocoDatasetFromJson(readFile(path), displayName(path));
}

}  // namespace inkling
