#include "core/sketch/jpeg_file.h"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "core/base/error.h"

namespace inkling {
namespace {

constexpr std::int64_t kMostPixels = 120'000'000;
constexpr int kLongestSide = 2400;

struct Extent {
  int width = 0, height = 0;
};

// Size by the frame header (SOF0 to SOF15 but for DHT, JPG and DAC); see ITU-T T.81, B.1.
Extent extentOf(std::string_view bytes, const std::string& name) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
  for (std::size_t at = 2; at + 9 < bytes.size();) {
    if (byte(at) != 0xFF) break;
    const int marker = byte(at + 1);
    if (marker == 0xFF) {
      ++at;
      continue;
    }
    if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
      return {byte(at + 7) * 256 + byte(at + 8), byte(at + 5) * 256 + byte(at + 6)};
    }
    at += 2 + static_cast<std::size_t>(byte(at + 2)) * 256 + byte(at + 3);
  }
  fail<InputError>("{}: broken JPEG header", name);
}

int reductionOf(const Extent& extent) {
  int longer = std::max(extent.width, extent.height);
  int mode = cv::IMREAD_GRAYSCALE;
  for (const int reduced : {cv::IMREAD_REDUCED_GRAYSCALE_2, cv::IMREAD_REDUCED_GRAYSCALE_4,
                            cv::IMREAD_REDUCED_GRAYSCALE_8}) {
    if (longer <= kLongestSide) break;
    longer /= 2;
    mode = reduced;
  }
  return mode;
}

}  // namespace

GreyPicture decodeJpeg(std::string_view bytes, const std::string& name) {
  if (bytes.empty()) fail<InputError>("{}: the file is empty", name);
  if (bytes.substr(0, 3) != "\xFF\xD8\xFF") fail<InputError>("{}: not a JPEG file", name);
  const Extent extent = extentOf(bytes, name);
  if (extent.width == 0 || extent.height == 0)
    fail<InputError>("{}: the picture has no pixels", name);
  if (static_cast<std::int64_t>(extent.width) * extent.height > kMostPixels) {
    fail<InputError>("{}: {} x {} pixels is too large for a sketch", name, extent.width,
                     extent.height);
  }
  if (bytes.rfind("\xFF\xD9") == std::string_view::npos)
    fail<InputError>("{}: the JPEG file is truncated", name);
  cv::Mat pixels;
  try {
    const cv::Mat buffer(1, static_cast<int>(bytes.size()), CV_8U, const_cast<char*>(bytes.data()));
    pixels = cv::imdecode(buffer, reductionOf(extent));
  } catch (const std::exception&) {
    fail<InputError>("{}: broken JPEG data", name);
  }
  if (pixels.empty() || pixels.type() != CV_8U) fail<InputError>("{}: broken JPEG data", name);
  GreyPicture result{pixels.cols, pixels.rows, {}, std::vector<std::uint8_t>(pixels.total(), 255)};
  result.grey.reserve(pixels.total());
  for (int y = 0; y < pixels.rows; ++y)
    result.grey.insert(result.grey.end(), pixels.ptr(y), pixels.ptr(y) + pixels.cols);
  return result;
}

}  // namespace inkling
