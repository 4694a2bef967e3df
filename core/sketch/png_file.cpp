#include "core/sketch/png_file.h"

#include <algorithm>
#include <cmath>
#include <exception>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "core/base/error.h"

namespace inkling {
namespace {

constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
constexpr std::uint64_t kMostPixels = 32'000'000;

std::uint32_t bigEndian(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return value;
}

// Walks over the chunks, so that a bomb is refused and a truncated file is named as such before
// decoding.
void checkChunks(std::string_view bytes, const std::string& name) {
  if (bytes.empty()) fail<InputError>("{}: the file is empty", name);
  if (bytes.substr(0, kSignature.size()) != kSignature)
    fail<InputError>("{}: not a PNG file", name);
  std::size_t at = kSignature.size();
  for (bool first = true;; first = false) {
    if (bytes.size() - at < 12) fail<InputError>("{}: the PNG file is truncated", name);
    const std::uint64_t length = bigEndian(bytes, at);
    const std::string_view type = bytes.substr(at + 4, 4);
    if (bytes.size() - at - 12 < length) fail<InputError>("{}: the PNG file is truncated", name);
    if (first) {
      if (type != "IHDR" || length != 13) fail<InputError>("{}: broken PNG header", name);
      const std::uint64_t width = bigEndian(bytes, at + 8), height = bigEndian(bytes, at + 12);
      if (width == 0 || height == 0) fail<InputError>("{}: the picture has no pixels", name);
      if (width > kMostPixels || height > kMostPixels || width * height > kMostPixels) {
        fail<InputError>("{}: {} x {} pixels is too large for a sketch", name, width, height);
      }
    }
    if (type == "IEND") return;
    at += 12 + length;
  }
}

// Any decoded picture as 8 bits a channel.
cv::Mat toBytes(const cv::Mat& picture) {
  if (picture.depth() == CV_8U) return picture;
  cv::Mat bytes;
  picture.convertTo(bytes, CV_8U, picture.depth() == CV_16U ? 1.0 / 257 : 1.0);
  return bytes;
}

}  // namespace

GreyPicture decodePng(std::string_view bytes, const std::string& name) {
  checkChunks(bytes, name);
  cv::Mat pixels;
  try {
    const cv::Mat buffer(1, static_cast<int>(bytes.size()), CV_8U, const_cast<char*>(bytes.data()));
    pixels = toBytes(cv::imdecode(buffer, cv::IMREAD_UNCHANGED));
  } catch (const std::exception&) {
    fail<InputError>("{}: broken PNG data", name);
  }
  const int channels = pixels.channels();
  if (pixels.empty() || (channels != 1 && channels != 3 && channels != 4)) {
    fail<InputError>("{}: broken PNG data", name);
  }
  GreyPicture result{pixels.cols, pixels.rows, {}, {}};
  result.grey.reserve(pixels.total());
  result.alpha.reserve(pixels.total());
  for (int y = 0; y < pixels.rows; ++y) {
    const std::uint8_t* p = pixels.ptr(y);
    for (int x = 0; x < pixels.cols; ++x, p += channels) {
      // Blue, green, red with the weights of Rec. 601.
      const double grey = channels == 1 ? p[0] : 0.114 * p[0] + 0.587 * p[1] + 0.299 * p[2];
      result.grey.push_back(static_cast<std::uint8_t>(std::lround(grey)));
      result.alpha.push_back(channels == 4 ? p[3] : 255);
    }
  }
  return result;
}

std::string encodePng(const InkRaster& picture) {
  try {
    cv::Mat page(picture.height, picture.width, CV_8U);
    for (int y = 0; y < picture.height; ++y) {
      const std::uint8_t* ink = picture.ink.data() + static_cast<std::size_t>(y) * picture.width;
      std::transform(ink, ink + picture.width, page.ptr(y),
                     [](std::uint8_t value) { return static_cast<std::uint8_t>(255 - value); });
    }
    std::vector<std::uint8_t> bytes;
    if (!cv::imencode(".png", page, bytes)) throw std::runtime_error("no encoder");
    return {bytes.begin(), bytes.end()};
  } catch (const std::exception&) {
    fail<OutputError>("a picture of {} x {} pixels cannot be encoded as PNG", picture.width,
                      picture.height);
  }
}

}  // namespace inkling
