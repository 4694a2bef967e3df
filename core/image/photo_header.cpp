#include "core/image/photo_header.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <utility>

#include "core/base/error.h"
#include "core/image/exif.h"
#include "core/image/photo_reader.h"

namespace inkling {
namespace {

constexpr std::string_view kPngSignature("\x89PNG\r\n\x1A\n", 8);

// What a width or height of 32 bits becomes: negative or absurd sides stay absurd, but fit an int.
int side(std::uint32_t value) { return static_cast<int>(std::min(value, 1U << 30)); }

struct Limits {
  std::int64_t pixels = kMaxPhotoPixels;
  int side = kMaxPhotoSide;
};

Limits limitsOf(const PhotoHeader& header, PhotoUse use) {
  if (use == PhotoUse::whole || header.format != PhotoFormat::jpeg) return {};
  return {header.manyScans ? 3 * kMaxPhotoPixels : kMaxReducedPixels, kMaxReducedSide};
}

void requireAllowedSize(Size size, const std::string& name, const Limits& limits = {}) {
  const auto [width, height] = size;
  if (width <= 0 || height <= 0) fail<InputError>("{}: the picture has no pixels", name);
  if (width > limits.side || height > limits.side || std::int64_t{width} * height > limits.pixels) {
    fail<InputError>("{}: {} x {} pixels are too large (at most {} megapixels, {} per side)", name,
                     width, height, limits.pixels / 1'000'000, limits.side);
  }
}

struct PngLayout {
  std::uint32_t depth = 0;
  std::uint32_t colourType = 0;
};

PngLayout readPngStart(const ByteView& view, PhotoHeader& header, const std::string& name) {
  const auto start = view.slice(8, 8 + 13 + 4);
  if (!start) failTruncated(name, "PNG");
  if (start->substr(4, 4) != "IHDR" || view.u32(8) != 13U) failBroken(name, "PNG");
  header.size = {side(*view.u32(16)), side(*view.u32(20))};
  return {*view.u8(24), *view.u8(25)};
}

// The decoder widens grey of 1, 2 or 4 bits to 8, but does not apply the transparent value.
std::optional<std::uint32_t> transparentGrey(PngLayout layout, const ByteView& data) {
  if (layout.colourType != 0 || layout.depth == 0 || layout.depth > 16) return std::nullopt;
  const auto key = data.u16(0);
  if (!key || layout.depth >= 8) return key;
  const std::uint32_t most = (1U << layout.depth) - 1;
  return (*key & most) * 255 / most;
}

// Chunks the picture does not need are left out: broken colour profiles make the decoder print
// warnings, and packed texts may inflate to any size.
PhotoHeader readPngHeader(std::string_view bytes, const std::string& name) {
  const ByteView view(bytes, true);
  PhotoHeader header;
  header.format = PhotoFormat::png;
  const PngLayout layout = readPngStart(view, header, name);
  header.cleaned.reserve(bytes.size());
  header.cleaned = kPngSignature;
  for (std::size_t at = kPngSignature.size();;) {
    const auto length = view.u32(at);
    if (!length) failTruncated(name, "PNG");
    const auto chunk = view.slice(at, 12 + std::size_t{*length});
    if (!chunk) failTruncated(name, "PNG");
    const std::string_view type = chunk->substr(4, 4);
    const std::string_view data = chunk->substr(8, *length);
    if (type == "eXIf") header.orientation = exifOrientation(data);
    if (type == "tRNS") header.transparentGrey = transparentGrey(layout, ByteView(data, true));
    const bool critical = (type[0] & 0x20) == 0;
    if (critical || type == "tRNS") header.cleaned += *chunk;
    if (type == "IEND") return header;
    at += chunk->size();
  }
}

// https://developers.google.com/speed/webp/docs/riff_container
PhotoHeader readWebpHeader(std::string_view bytes, const std::string& name) {
  const ByteView view(bytes, false);
  if (bytes.size() < 16 || std::uint64_t{view.u32(4).value_or(0)} + 8 > bytes.size()) {
    failTruncated(name, "WebP");
  }
  // A field that is missing counts as 0, which gives a picture without pixels.
  const auto u16 = [&](std::size_t at) { return view.u16(at).value_or(0); };
  const auto u24 = [&](std::size_t at) { return u16(at) | view.u8(at + 2).value_or(0) << 16; };
  PhotoHeader header;
  header.format = PhotoFormat::webp;
  const std::string_view type = bytes.substr(12, 4);
  if (type == "VP8X") {
    if ((u16(20) & 0x02) != 0) fail<InputError>("{}: animated WebP is not supported", name);
    header.size = {side(u24(24) + 1), side(u24(27) + 1)};
  } else if (type == "VP8L") {
    const std::uint32_t bits = view.u32(21).value_or(0);
    header.size = {side((bits & 0x3FFF) + 1), side((bits >> 14 & 0x3FFF) + 1)};
  } else if (type == "VP8 ") {
    header.size = {side(u16(26) & 0x3FFF), side(u16(28) & 0x3FFF)};
  } else {
    failBroken(name, "WebP");
  }
  for (std::size_t at = 12; at + 8 <= bytes.size();) {
    const std::size_t length = *view.u32(at + 4);
    const auto data = view.slice(at + 8, length);
    if (!data) break;
    if (bytes.substr(at, 4) == "EXIF") header.orientation = exifOrientation(*data);
    at += 8 + length + (length & 1);
  }
  return header;
}

PhotoHeader readBmpHeader(std::string_view bytes, const std::string& name) {
  const ByteView view(bytes, false);
  const auto infoSize = view.u32(14);
  if (bytes.size() < 26 || !infoSize) failTruncated(name, "BMP");
  PhotoHeader header;
  header.format = PhotoFormat::bmp;
  const bool old = *infoSize == 12;
  if (!old && (*infoSize < 40 || bytes.size() < 54)) failBroken(name, "BMP");
  const auto signedSide = [&](std::size_t at) {
    const auto value = static_cast<std::int32_t>(*view.u32(at));
    return side(static_cast<std::uint32_t>(std::abs(std::int64_t{value})));
  };
  header.size =
      old ? Size{side(*view.u16(18)), side(*view.u16(20))} : Size{signedSide(18), signedSide(22)};
  requireAllowedSize(header.size, name);
  const std::uint32_t compression = old ? 0 : *view.u32(30);
  const std::uint64_t bits = old ? *view.u16(24) : *view.u16(28);
  const std::uint64_t row = (static_cast<std::uint64_t>(header.size.width) * bits + 31) / 32 * 4;
  // 1 and 2 are run lengths, whose size is stated; 0 and 3 are plain rows.
  const std::uint64_t needed = compression == 1 || compression == 2
                                   ? *view.u32(34)
                                   : row * static_cast<std::uint64_t>(header.size.height);
  if (*view.u32(10) + needed > bytes.size()) failTruncated(name, "BMP");
  return header;
}

// "P6 width height maximum" and one white space character, with comments from # to the end of the
// line.
PhotoHeader readPnmHeader(std::string_view bytes, const std::string& name) {
  std::array<std::uint64_t, 3> numbers{};
  std::size_t at = 2;
  for (std::uint64_t& number : numbers) {
    at = bytes.find_first_not_of(" \t\r\n", at);
    while (at != std::string_view::npos && bytes[at] == '#') {
      at = bytes.find_first_not_of(" \t\r\n", std::min(bytes.find('\n', at), bytes.size()));
    }
    if (at == std::string_view::npos) failTruncated(name, "PNM");
    std::uint32_t value = 0;
    const auto [end, error] =
        std::from_chars(bytes.data() + at, bytes.data() + bytes.size(), value);
    if (error != std::errc()) failBroken(name, "PNM");
    number = value;
    at = static_cast<std::size_t>(end - bytes.data());
  }
  const auto [width, height, most] = numbers;
  PhotoHeader header;
  header.format = PhotoFormat::pnm;
  header.size = {side(static_cast<std::uint32_t>(width)), side(static_cast<std::uint32_t>(height))};
  if (most != 255 && most != 65535) {
    fail<InputError>("{}: PNM files with values up to {} are not supported", name, most);
  }
  requireAllowedSize(header.size, name);
  const std::uint64_t channels = bytes[1] == '6' ? 3 : 1;
  const std::uint64_t pixels = static_cast<std::uint64_t>(header.size.width) *
                               static_cast<std::uint64_t>(header.size.height);
  if (at + 1 + pixels * channels * (most > 255 ? 2 : 1) > bytes.size()) failTruncated(name, "PNM");
  return header;
}

bool hasAt(std::string_view bytes, std::size_t offset, std::string_view text) {
  return bytes.size() >= offset && bytes.substr(offset).starts_with(text);
}

// A name for what people may take for a photo, too; nullptr when it is nothing we know.
const char* unsupportedFormat(std::string_view bytes) {
  if (bytes.starts_with("GIF8")) return "GIF";
  if (bytes.starts_with("%PDF")) return "PDF";
  if (bytes.starts_with(std::string_view("\0\0\0\x0CjP  ", 8))) return "JPEG 2000";
  if (bytes.starts_with("II+") || bytes.starts_with(std::string_view("MM\0+", 4))) return "BigTIFF";
  for (const char* brand : {"avif", "avis"}) {
    if (hasAt(bytes, 4, std::string("ftyp") + brand)) return "AVIF";
  }
  for (const char* brand : {"heic", "heix", "mif1"}) {
    if (hasAt(bytes, 4, std::string("ftyp") + brand)) return "HEIC";
  }
  return nullptr;
}

PhotoHeader readAny(std::string_view bytes, const std::string& name) {
  if (bytes.starts_with("\xFF\xD8\xFF")) return readJpegHeader(bytes, name);
  if (bytes.starts_with(kPngSignature)) return readPngHeader(bytes, name);
  if (bytes.starts_with("RIFF") && hasAt(bytes, 8, "WEBP")) return readWebpHeader(bytes, name);
  if (bytes.starts_with(std::string_view("II*\0", 4)) ||
      bytes.starts_with(std::string_view("MM\0*", 4))) {
    return readTiffHeader(bytes, name);
  }
  if (bytes.starts_with("BM") && bytes.size() >= 18) return readBmpHeader(bytes, name);
  if ((bytes.starts_with("P5") || bytes.starts_with("P6")) && bytes.size() > 2 &&
      std::string_view(" \t\r\n#").find(bytes[2]) != std::string_view::npos) {
    return readPnmHeader(bytes, name);
  }
  if (const char* format = unsupportedFormat(bytes)) {
    fail<InputError>("{}: {} is not supported; convert it to JPEG or PNG", name, format);
  }
  fail<InputError>("{}: not a photo that Inkling can read", name);
}

}  // namespace

void failTruncated(const std::string& name, const char* format) {
  fail<InputError>("{}: truncated {} file", name, format);
}

void failBroken(const std::string& name, const char* format) {
  fail<InputError>("{}: broken {} file", name, format);
}

PhotoHeader readPhotoHeader(std::string_view bytes, const std::string& name, PhotoUse use) {
  if (bytes.empty()) fail<InputError>("{}: the file is empty", name);
  PhotoHeader header = readAny(bytes, name);
  requireAllowedSize(header.size, name, limitsOf(header, use));
  return header;
}

}  // namespace inkling
