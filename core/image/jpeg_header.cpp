// ITU-T T.81 (JPEG), annex B: markers and segments.
#include "core/base/error.h"
#include "core/image/exif.h"
#include "core/image/photo_header.h"

namespace inkling {
namespace {

constexpr std::uint32_t kEndOfImage = 0xD9;
constexpr std::uint32_t kStartOfScan = 0xDA;
constexpr std::uint32_t kApp1 = 0xE1;
// A progressive file of a camera has about ten scans. Thousands of them are an attack on the
// decoder's time.
constexpr int kMaxScans = 500;

bool isStartOfFrame(std::uint32_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

bool standsAlone(std::uint32_t marker) {
  return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
}

// Moves `at` past the next marker and returns it; nullopt at the end. Stuffed zeros and restart
// markers inside a scan, fill bytes and stray bytes between segments are skipped, as decoders do.
std::optional<std::uint32_t> nextMarker(std::string_view bytes, std::size_t& at) {
  for (;;) {
    at = bytes.find('\xFF', at);
    if (at == std::string_view::npos) return std::nullopt;
    at = bytes.find_first_not_of('\xFF', at);
    if (at == std::string_view::npos) return std::nullopt;
    const std::uint32_t marker = static_cast<unsigned char>(bytes[at++]);
    if (marker != 0 && !standsAlone(marker)) return marker;
  }
}

void readFrame(const ByteView& view, std::size_t segment, PhotoHeader& header,
               const std::string& name) {
  const auto height = view.u16(segment + 3);
  const auto width = view.u16(segment + 5);
  if (!height || !width) failTruncated(name, "JPEG");
  if (header.size == Size{}) {
    header.size = {static_cast<int>(*width), static_cast<int>(*height)};
  }
}

}  // namespace

PhotoHeader readJpegHeader(std::string_view bytes, const std::string& name) {
  const ByteView view(bytes, true);
  PhotoHeader header;
  header.format = PhotoFormat::jpeg;
  bool hasExif = false;
  int scans = 0;
  std::size_t at = 2;
  while (const auto marker = nextMarker(bytes, at)) {
    if (*marker == kEndOfImage) {
      if (scans == 0) failBroken(name, "JPEG");
      header.manyScans = scans > 1;
      return header;
    }
    const auto length = view.u16(at);
    if (!length) break;
    if (*length < 2) failBroken(name, "JPEG");
    const auto segment = view.slice(at + 2, *length - 2);
    if (!segment) break;
    if (isStartOfFrame(*marker)) readFrame(view, at, header, name);
    if (*marker == kApp1 && !hasExif && segment->starts_with("Exif")) {
      hasExif = true;
      header.orientation = exifOrientation(*segment);
    }
    if (*marker == kStartOfScan && (header.size == Size{} || ++scans > kMaxScans)) {
      failBroken(name, "JPEG");
    }
    at += *length;
  }
  failTruncated(name, "JPEG");
}

}  // namespace inkling
