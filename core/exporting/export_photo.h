// What an export keeps of one photo: the record that all formats are written from.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/geometry/box.h"
#include "core/geometry/size.h"

namespace inkling {

struct ExportedBox {
  std::size_t category = 0;  ///< its number in ExportSetup::categories
  ScoredBox found;           ///< pixels of the photo as shown

  friend bool operator==(const ExportedBox&, const ExportedBox&) = default;
};

struct ExportedPhoto {
  std::filesystem::path path;      ///< below the exported folder
  Size size;                       ///< as shown (EXIF orientation applied)
  std::vector<ExportedBox> boxes;  ///< categories in order, best first within a category

  friend bool operator==(const ExportedPhoto&, const ExportedPhoto&) = default;
};

/// The photo as it is exported: boxes clipped to the photo, their corners to 0.01 pixels (corners
/// are rounded, so that a box inside stays inside), at least 0.01 pixels wide and high, and in
/// order; scores 0..1 to 1e-6. A box with nothing inside the photo is left out. Give every format
/// rounded photos, so that they all say the same. rounded(rounded(p)) == rounded(p).
ExportedPhoto rounded(ExportedPhoto photo);

/// "ff00" for the bytes FF and 00: how files hold the path of a photo that is not valid UTF-8.
std::string hexadecimal(std::string_view bytes);

/// One line of JSON without a line break at its end; the same bytes for the same photo:
/// {"boxes":[[category,x,y,width,height,score],...],"height":H,"path":"sub/a.jpg","width":W}. A
/// path that is not valid UTF-8 stands as "path_bytes", in hexadecimal. Throws UsageError for
/// numbers that are not finite.
std::string encodeExported(const ExportedPhoto& photo);

/// Exactly the photo that was encoded. Throws InputError, naming `name`, for anything else.
ExportedPhoto decodeExported(std::string_view line, const std::string& name);

}  // namespace inkling
