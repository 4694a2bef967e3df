// Small photos for the tests: the same four quadrants (red, green / blue, yellow) in many clothes.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

#include "core/base/file.h"
#include "core/image/image.h"

namespace inkling {

inline constexpr Size kQuadrantsSize = {32, 24};

inline Rgb quadrantColour(int x, int y, Size size = kQuadrantsSize) {
  const bool right = x >= size.width / 2, bottom = y >= size.height / 2;
  if (bottom) return right ? Rgb{255, 255, 0} : Rgb{0, 0, 255};
  return right ? Rgb{0, 255, 0} : Rgb{255, 0, 0};
}

inline Image quadrants(Size size = kQuadrantsSize) {
  Image image(size);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) image.set(x, y, quadrantColour(x, y, size));
  }
  return image;
}

/// Every pixel of `image` is within `tolerance` of `expected`. With a tolerance, the pixels at the
/// seams of the quadrants are left out: lossy formats store colours at half the resolution, which
/// blurs them there.
inline testing::AssertionResult looksLike(const Image& image, const Image& expected,
                                          int tolerance) {
  if (image.size() != expected.size()) {
    return testing::AssertionFailure() << image.width << " x " << image.height << " pixels, not "
                                       << expected.width << " x " << expected.height;
  }
  const auto atSeam = [&](std::size_t pixel) {
    const int x = static_cast<int>(pixel) % image.width, y = static_cast<int>(pixel) / image.width;
    return std::abs(2 * x + 1 - image.width) <= 4 || std::abs(2 * y + 1 - image.height) <= 4;
  };
  for (std::size_t i = 0; i < image.rgb.size(); ++i) {
    if (tolerance > 0 && image.rgb.size() > 3 && atSeam(i / 3)) continue;
    if (std::abs(int{image.rgb[i]} - int{expected.rgb[i]}) > tolerance) {
      const std::size_t pixel = i / 3, width = static_cast<std::size_t>(image.width);
      return testing::AssertionFailure()
             << "pixel (" << pixel % width << ", " << pixel / width << "), channel " << i % 3
             << ": " << int{image.rgb[i]} << ", not " << int{expected.rgb[i]};
    }
  }
  return testing::AssertionSuccess();
}

/// How `shown` must be stored for a reader that applies the EXIF orientation: a table of its own,
/// from the EXIF standard ("the 0th row is the visual ... side, the 0th column the visual ...
/// side").
inline Image storedFor(int orientation, const Image& shown) {
  const bool sideways = orientation >= 5;
  Image stored(sideways ? Size{shown.height, shown.width} : shown.size());
  const int w = stored.width - 1, h = stored.height - 1;
  for (int y = 0; y < shown.height; ++y) {
    for (int x = 0; x < shown.width; ++x) {
      const int places[9][2] = {{0, 0}, {x, y},     {w - x, y},     {w - x, h - y}, {x, h - y},
                                {y, x}, {y, h - x}, {w - y, h - x}, {w - y, x}};
      stored.set(places[orientation][0], places[orientation][1], shown.at(x, y));
    }
  }
  return stored;
}

inline std::string bigEndian(std::uint32_t value, int bytes) {
  std::string text;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    text += static_cast<char>(value >> shift & 0xFF);
  }
  return text;
}

inline std::string littleEndian(std::uint32_t value, int bytes) {
  const std::string big = bigEndian(value, bytes);
  return {big.rbegin(), big.rend()};
}

/// A TIFF block that states the orientation and nothing else.
inline std::string exifBlock(int orientation, bool big = true) {
  const auto number = big ? bigEndian : littleEndian;
  return std::string(big ? "MM" : "II") + number(42, 2) + number(8, 4) + number(1, 2) +
         number(274, 2) + number(3, 2) + number(1, 4) +
         number(static_cast<std::uint32_t>(orientation), 2) + number(0, 2) + number(0, 4);
}

/// The JPEG file with an EXIF segment right after its start marker.
inline std::string withExif(const std::string& jpeg, const std::string& block) {
  const std::string data = std::string("Exif\0\0", 6) + block;
  return jpeg.substr(0, 2) + "\xFF\xE1" +
         bigEndian(static_cast<std::uint32_t>(data.size() + 2), 2) + data + jpeg.substr(2);
}

inline std::string pngChunk(const std::string& type, const std::string& data) {
  const std::string body = type + data;
  const uLong crc =
      crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return bigEndian(static_cast<std::uint32_t>(data.size()), 4) + body +
         bigEndian(static_cast<std::uint32_t>(crc), 4);
}

/// A PNG file with these bytes as rows (without the filter bytes, which are put in here) and chunks
/// before the data.
inline std::string makePng(Size size, int depth, int colourType,
                           const std::vector<std::string>& rows, const std::string& chunks = {}) {
  std::string raw;
  for (const std::string& row : rows) raw += std::string(1, '\0') + row;
  uLongf length = compressBound(raw.size());
  std::string packed(length, '\0');
  compress(reinterpret_cast<Bytef*>(packed.data()), &length,
           reinterpret_cast<const Bytef*>(raw.data()), raw.size());
  packed.resize(length);
  const std::string header = bigEndian(static_cast<std::uint32_t>(size.width), 4) +
                             bigEndian(static_cast<std::uint32_t>(size.height), 4) +
                             static_cast<char>(depth) + static_cast<char>(colourType) +
                             std::string(3, '\0');
  return "\x89PNG\r\n\x1A\n" + pngChunk("IHDR", header) + chunks + pngChunk("IDAT", packed) +
         pngChunk("IEND", "");
}

/// An uncompressed 24-bit BMP file of the quadrants.
inline std::string makeBmp(bool topDown = false) {
  const Image image = quadrants();
  std::string pixels;
  for (int row = 0; row < image.height; ++row) {
    for (int x = 0; x < image.width; ++x) {
      const Rgb c = image.at(x, topDown ? row : image.height - 1 - row);
      pixels += {static_cast<char>(c.b), static_cast<char>(c.g), static_cast<char>(c.r)};
    }
  }
  const int height = topDown ? -image.height : image.height;
  return "BM" + littleEndian(static_cast<std::uint32_t>(54 + pixels.size()), 4) +
         littleEndian(0, 4) + littleEndian(54, 4) + littleEndian(40, 4) +
         littleEndian(static_cast<std::uint32_t>(image.width), 4) +
         littleEndian(static_cast<std::uint32_t>(height), 4) + littleEndian(1, 2) +
         littleEndian(24, 2) + std::string(24, '\0') + pixels;
}

/// A binary PPM file of the quadrants.
inline std::string makePpm() {
  const Image image = quadrants();
  return "P6\n# four quadrants\n32 24\n255\n" + std::string(image.rgb.begin(), image.rgb.end());
}

inline std::filesystem::path fixtureFolder() {
  const char* source = std::getenv("INKLING_SOURCE_DIR");
  return std::filesystem::path(source != nullptr ? source : ".") / "tests/data/photos";
}

inline std::string fixture(const std::string& name) { return readFile(fixtureFolder() / name); }

/// A folder of its own for a test, removed at its end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "inkling-image-XXXXXX").native();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace inkling
