// What the first look at the bytes of a photo tells, before anything is decoded: that it is whole,
// how large it is, how it is turned. Internal to core/image.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/geometry/size.h"

namespace inkling {

enum class PhotoFormat { jpeg, png, webp, tiff, bmp, pnm };

struct PhotoHeader {
  PhotoFormat format = PhotoFormat::jpeg;
  Size size;            ///< as stored, before the orientation is applied
  int orientation = 1;  ///< EXIF 1..8, still to be applied
  /// JPEG: the picture comes in several scans, so that the decoder must keep all of it.
  bool manyScans = false;
  /// Colours are multiplied by alpha already.
  bool premultiplied = false;
  /// PNG: the grey value (in the depth that is decoded) that stands for transparent.
  std::optional<std::uint32_t> transparentGrey;
  /// What to hand to the decoder instead of the file; empty: the file as it is.
  std::string cleaned;
};

/// Which limits of photo_reader.h hold: those for photos that are decoded whole, or the wider ones
/// for JPEGs that are decoded reduced.
enum class PhotoUse { whole, reduced };

/// Throws InputError starting with `name`: empty, not a photo, truncated, broken, larger than the
/// limits, or of a kind that is not supported.
PhotoHeader readPhotoHeader(std::string_view bytes, const std::string& name,
                            PhotoUse use = PhotoUse::whole);

/// The JPEG part of it. Walks over all segments up to the end marker, which truncated files lack:
/// the decoder would return such a picture half grey, without an error.
PhotoHeader readJpegHeader(std::string_view bytes, const std::string& name);

/// The TIFF part of it.
PhotoHeader readTiffHeader(std::string_view bytes, const std::string& name);

[[noreturn]] void failTruncated(const std::string& name, const char* format);
[[noreturn]] void failBroken(const std::string& name, const char* format);

}  // namespace inkling
