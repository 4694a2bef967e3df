#include "core/image/resize.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <opencv2/imgproc.hpp>

#include "core/base/error.h"
#include "core/geometry/letterbox.h"
#include "core/image/matrix.h"

namespace inkling {
namespace {

cv::Mat resized(const cv::Mat& source, Size size, Resampling resampling) {
  cv::Mat result;
  if (resampling == Resampling::linear) {
    cv::resize(source, result, {size.width, size.height}, 0, 0, cv::INTER_LINEAR);
    return result;
  }
  // An axis that shrinks and one that grows need different filters, one after the other.
  const cv::Size shrunk(std::min(size.width, source.cols), std::min(size.height, source.rows));
  cv::resize(source, result, shrunk, 0, 0, cv::INTER_AREA);
  if (shrunk != cv::Size(size.width, size.height)) {
    cv::Mat grown;
    cv::resize(result, grown, {size.width, size.height}, 0, 0, cv::INTER_LINEAR);
    return grown;
  }
  return result;
}

// What each 8-bit value of a channel becomes.
std::array<float, 256> valueTable(const LetterboxOptions& options, std::size_t channel) {
  std::array<float, 256> table{};
  for (std::size_t v = 0; v < table.size(); ++v) {
    const float value = static_cast<float>(v);
    table[v] =
        options.unitScale ? (value / 255.0F - options.mean[channel]) / options.std[channel] : value;
  }
  return table;
}

float paddingValue(const LetterboxOptions& options, std::size_t channel) {
  return options.unitScale
             ? (options.padding / 255.0F - options.mean[channel]) / options.std[channel]
             : options.padding;
}

void requireUsable(const LetterboxOptions& options) {
  const auto unusable = [](float std) { return !std::isfinite(std) || std == 0.0F; };
  if (options.unitScale && std::any_of(options.std.begin(), options.std.end(), unusable)) {
    fail<UsageError>("a standard deviation of the pixel normalisation is 0 or not finite");
  }
}

}  // namespace

Image resize(const Image& image, Size size, Resampling resampling) {
  requirePixels(image, "resize");
  if (size.width <= 0 || size.height <= 0) {
    fail<UsageError>("a picture cannot be resized to {} x {}", size.width, size.height);
  }
  if (size == image.size()) return image;
  return guarded<UsageError>("resize", "the picture cannot be resized",
                             [&] { return imageOf(resized(matrixOf(image), size, resampling)); });
}

std::vector<float> letterboxPlanes(const Image& image, Size frame,
                                   const LetterboxOptions& options) {
  requirePixels(image, "letterbox");
  requireUsable(options);
  const Letterbox letterbox(image.size(), frame);
  const Image content = resize(image, letterbox.content(), options.resampling);

  const auto frameWidth = static_cast<std::size_t>(frame.width);
  const std::size_t plane = frameWidth * static_cast<std::size_t>(frame.height);
  std::vector<float> planes(3 * plane);
  for (std::size_t p = 0; p < 3; ++p) {
    const std::size_t channel = options.bgr ? 2 - p : p;
    const std::array<float, 256> table = valueTable(options, channel);
    const float padding = paddingValue(options, channel);
    float* to = planes.data() + p * plane;
    const std::uint8_t* from = content.rgb.data() + channel;
    for (int y = 0; y < content.height; ++y, to += frameWidth) {
      for (int x = 0; x < content.width; ++x, from += 3) to[x] = table[*from];
      std::fill(to + content.width, to + frameWidth, padding);
    }
    std::fill(to, planes.data() + (p + 1) * plane, padding);
  }
  return planes;
}

Image flipHorizontally(const Image& image) {
  requirePixels(image, "flip");
  cv::Mat flipped;
  cv::flip(matrixOf(image), flipped, 1);
  return imageOf(flipped);
}

Image crop(const Image& image, const Box& box) {
  requirePixels(image, "crop");
  const Box inside = clip(box, image.size());
  if (inside.empty()) {
    fail<UsageError>("the box ({}, {}, {}, {}) has no part inside of the picture of {} x {} pixels",
                     box.x, box.y, box.width, box.height, image.width, image.height);
  }
  const int left = static_cast<int>(std::floor(inside.x));
  const int top = static_cast<int>(std::floor(inside.y));
  const int right = std::min(image.width, static_cast<int>(std::ceil(inside.right())));
  const int bottom = std::min(image.height, static_cast<int>(std::ceil(inside.bottom())));
  return imageOf(matrixOf(image)(cv::Rect(left, top, right - left, bottom - top)));
}

}  // namespace inkling
