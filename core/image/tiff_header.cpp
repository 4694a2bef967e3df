// TIFF revision 6.0: the first directory of the file.
#include <algorithm>

#include "core/base/error.h"
#include "core/image/exif.h"
#include "core/image/photo_header.h"

namespace inkling {
namespace {

enum Tag : std::uint16_t {
  kWidth = 256,
  kHeight = 257,
  kBitsPerSample = 258,
  kPhotometric = 262,
  kStripOffsets = 273,
  kStripByteCounts = 279,
  kTileOffsets = 324,
  kTileByteCounts = 325,
  kExtraSamples = 338,
  kSampleFormat = 339,
};

constexpr std::uint32_t kUnsigned = 1;
constexpr std::uint32_t kAssociatedAlpha = 1;
constexpr std::uint32_t kInks = 5;  // CMYK

// All strips (or tiles) must lie inside the file.
void requireData(const TiffDirectory& directory, std::size_t fileSize, const std::string& name) {
  auto offsets = directory.values(kStripOffsets);
  auto counts = directory.values(kStripByteCounts);
  if (offsets.empty()) {
    offsets = directory.values(kTileOffsets);
    counts = directory.values(kTileByteCounts);
  }
  if (offsets.empty() || offsets.size() != counts.size()) failBroken(name, "TIFF");
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    if (std::uint64_t{offsets[i]} + counts[i] > fileSize) failTruncated(name, "TIFF");
  }
}

}  // namespace

PhotoHeader readTiffHeader(std::string_view bytes, const std::string& name) {
  const auto directory = TiffDirectory::read(bytes);
  if (!directory || !directory->complete()) failTruncated(name, "TIFF");
  PhotoHeader header;
  header.format = PhotoFormat::tiff;
  constexpr std::uint32_t most = 1U << 30;  // larger than any limit, and fits an int
  header.size = {static_cast<int>(std::min(directory->value(kWidth).value_or(0), most)),
                 static_cast<int>(std::min(directory->value(kHeight).value_or(0), most))};
  const std::uint32_t bits = directory->value(kBitsPerSample).value_or(1);
  const bool deepInks = bits > 8 && directory->value(kPhotometric).value_or(0) == kInks;
  if (bits > 16 || deepInks || directory->value(kSampleFormat).value_or(kUnsigned) != kUnsigned) {
    fail<InputError>("{}: this kind of TIFF file is not supported; 8 or 16 bits per channel are",
                     name);
  }
  // The 8-bit path of the decoder multiplies by alpha itself, the 16-bit path hands out what is
  // stored. Both turn the picture upright.
  header.premultiplied =
      bits <= 8 || directory->value(kExtraSamples).value_or(0) == kAssociatedAlpha;
  header.orientation = 1;
  requireData(*directory, bytes.size(), name);
  return header;
}

}  // namespace inkling
