// What a search found, and its forms in files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/geometry/box.h"
#include "core/geometry/size.h"

namespace inkling {

struct FoundPhoto {
  std::filesystem::path path;
  Size size;
  double score = 0;  ///< that the photo shows the thing; also without a box from the threshold up
  std::vector<ScoredBox> boxes;  ///< from the threshold up, best first; empty: no match
};

struct FailedPhoto {
  std::filesystem::path path;
  std::string error;  ///< the whole message
};

/// A search of a catalogue that put all its photos in an order and looked at the best of them.
struct SearchedIndex {
  std::filesystem::path catalogue;
  std::int64_t photos = 0;  ///< that could be found
  std::int64_t looked = 0;  ///< of them: looked at closely
};

struct FindReport {
  Json query;
  double threshold = 0;
  std::vector<FoundPhoto> photos;
  std::vector<FailedPhoto> failed;
  std::vector<SearchedIndex> indexes;
  std::size_t withoutMatch = 0;  ///< photos; sortAndKeep counts them before it drops any

  /// Best first; equal scores stay in their order. Keeps the best `top` photos, all if 0.
  void sortAndKeep(std::size_t top);
};

/// The object of `find --format json`, indented. Boxes to 0.01 pixels. Searches of indexed folders
/// add "indexes": [{"catalogue", "photos", "looked"}].
std::string toJsonText(const FindReport& report);

/// "photo,score,x,y,width,height", one row a box (RFC 4180).
std::string toCsvText(const FindReport& report);

}  // namespace inkling
