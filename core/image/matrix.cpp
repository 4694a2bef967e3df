#include "core/image/matrix.h"

#include <cstring>

#include <opencv2/core/utils/logger.hpp>

namespace inkling {

cv::Mat matrixOf(Image& image) {
  return cv::Mat(image.height, image.width, CV_8UC3, image.rgb.data());
}

cv::Mat matrixOf(const Image& image) {
  return cv::Mat(image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.rgb.data()));
}

Image imageOf(const cv::Mat& rgb) {
  CV_Assert(rgb.type() == CV_8UC3);
  Image image;
  image.width = rgb.cols;
  image.height = rgb.rows;
  const std::size_t row = 3 * static_cast<std::size_t>(rgb.cols);
  image.rgb.reserve(row * static_cast<std::size_t>(rgb.rows));
  for (int y = 0; y < rgb.rows; ++y) {
    image.rgb.insert(image.rgb.end(), rgb.ptr(y), rgb.ptr(y) + row);
  }
  return image;
}

void requirePixels(const Image& image, const char* action) {
  if (image.width <= 0 || image.height <= 0) fail<UsageError>("cannot {} an empty picture", action);
  const std::size_t pixels =
      static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
  if (image.rgb.size() != 3 * pixels) {
    fail<UsageError>("cannot {} a picture of {} x {} pixels that holds {} bytes", action,
                     image.width, image.height, image.rgb.size());
  }
}

void silenceOpenCv() {
  static const bool silenced = [] {
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    return true;
  }();
  static_cast<void>(silenced);
}

}  // namespace inkling
