// Reading photos from files as a person would see them.
//
// JPEG (baseline, progressive, grey, CMYK and YCCK), PNG, WebP, TIFF, BMP and binary PPM / PGM. The
// EXIF orientation is applied, 16-bit samples are scaled to 8, grey becomes RGB, and what is
// transparent shows white paper. Colour profiles are not applied. Of a file with several pages the
// first is read.
//
// The header is checked before anything is decoded: a file of a few bytes that claims a giant
// picture costs nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/image/image.h"

namespace inkling {

/// Larger photos are refused: 120 megapixels are more than any camera's frame, and 360 MB in
/// memory.
inline constexpr std::int64_t kMaxPhotoPixels = 120'000'000;
inline constexpr int kMaxPhotoSide = 30'000;

/// Reads a photo. Throws InputError with the file's name and the reason: missing, a folder, empty,
/// not a photo, truncated, damaged, too large.
Image readPhoto(const std::filesystem::path& path);

/// Reads a photo from the bytes of its file. `name` stands for the file in messages.
Image decodePhoto(std::string_view bytes, const std::string& name);

/// Extensions of the files that readPhoto understands, lower case with the dot, for listFiles().
/// The format itself is told by the content: a PNG called .jpg is read as a PNG.
const std::vector<std::string>& photoExtensions();

}  // namespace inkling
