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

/// A photo for looking at, made smaller while it was decoded.
struct ReducedPhoto {
  Image image;
  Size full;  ///< of the whole photo, upright: what boxes are measured in
};

/// JPEGs up to here can be read reduced.
inline constexpr std::int64_t kMaxReducedPixels = 1'000'000'000;
inline constexpr int kMaxReducedSide = 65'500;

/// Reads a photo at 1/1, 1/2, 1/4 or 1/8 of its size: the smallest whose longer side is still at
/// least `leastSide` pixels. Odd sides are rounded up. JPEGs are reduced by the decoder, which is
/// several times faster than reading all of them; other formats are read whole and then shrunk.
///
/// JPEGs beyond kMaxPhotoPixels or kMaxPhotoSide are reduced until they fit, whatever `leastSide`
/// says (progressive ones up to three times kMaxPhotoPixels: their decoder keeps all of it in
/// memory). Throws as readPhoto does.
ReducedPhoto readPhotoReduced(const std::filesystem::path& path, int leastSide);

/// The same from the bytes of the file.
ReducedPhoto decodePhotoReduced(std::string_view bytes, const std::string& name, int leastSide);

/// Extensions of the files that readPhoto understands, lower case with the dot, for listFiles().
/// The format itself is told by the content: a PNG called .jpg is read as a PNG.
const std::vector<std::string>& photoExtensions();

}  // namespace inkling
