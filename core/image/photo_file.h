// Photos as files, and what they say of themselves before anything is decoded.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/geometry/size.h"

namespace inkling {

/// No photo is longer.
inline constexpr std::uint64_t kMaxPhotoBytes = std::uint64_t{1} << 30;

/// The bytes of a photo's file. Throws InputError naming it: missing, a folder, a pipe or a device
/// (opening one might wait for ever), longer than any photo.
std::string readPhotoFile(const std::filesystem::path& path);

struct PhotoFacts {
  Size size;            ///< as shown, pixels
  int orientation = 1;  ///< EXIF 1..8 of the file, which readers of photos have applied
};

/// Of a photo that readPhotoReduced can read. `name` stands for the file in messages. Throws
/// InputError as that does.
PhotoFacts photoFacts(std::string_view bytes, const std::string& name);

}  // namespace inkling
