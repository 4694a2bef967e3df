// Photos with boxes, as COCO writes them (https://cocodataset.org/#format-data), with the fields
// that our data adds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/geometry/box.h"

namespace inkling {

struct PhotoRecord {
  std::int64_t id = 0;
  std::string file;           ///< file name, relative to the folder of the photos
  int width = 0, height = 0;  ///< pixels
  int license = 0;            ///< COCO's numbering; 0 when not known
  std::string flickrId;       ///< empty when not known
};

struct Annotation {
  std::int64_t id = 0, photoId = 0;
  int categoryId = 0;
  Box box;             ///< pixels of the photo
  double area = 0;     ///< of the object's mask where COCO knows it, else of the box
  bool crowd = false;  ///< a region with many objects: neither right nor wrong to find
};

struct Category {
  int id = 0;
  std::string name;
  std::string sketchWord;  ///< its QuickDraw word; empty when it has none
  bool unseen = false;     ///< no training photo holds it
};

class CocoDataset {
 public:
  std::vector<PhotoRecord> photos;
  std::vector<Annotation> annotations;
  std::vector<Category> categories;

  /// Fills the index; call it after changing the lists. Throws InputError, naming `name`, for ids
  /// that occur twice and for annotations of photos or categories that are not there.
  void buildIndex(const std::string& name);

  /// Indices into `annotations` of one photo, in the order of the file.
  const std::vector<std::size_t>& annotationsOf(std::size_t photo) const;
  /// The category with this id, or nullptr.
  const Category* category(int id) const;
  /// Index into `photos`; throws UsageError for an id that is not there.
  std::size_t photoIndex(std::int64_t id) const;

 private:
  std::unordered_map<std::int64_t, std::size_t> photoIndex_;
  std::unordered_map<int, std::size_t> categoryIndex_;
  std::vector<std::vector<std::size_t>> annotationsOfPhoto_;
};

/// Reads an "instances" file. Fields that are not needed are passed over; segmentations are. Throws
/// InputError naming the file, the entry and the field.
CocoDataset readCocoDataset(const std::filesystem::path& path);

/// The same from text; `name` is for messages.
CocoDataset cocoDatasetFromJson(std::string_view text, const std::string& name);

}  // namespace inkling
