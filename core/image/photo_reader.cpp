#include "core/image/photo_reader.h"

#include <algorithm>
#include <climits>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/image/matrix.h"
#include "core/image/photo_file.h"
#include "core/image/photo_header.h"
#include "core/image/resize.h"

namespace inkling {
namespace {

// A photo within the limits of pixels never comes near this; a video called .jpg does.

// What is painted where grey equals `key` is not there: white paper shows.
template <typename Sample>
void whitenGrey(cv::Mat& grey, std::uint32_t key) {
  for (int y = 0; y < grey.rows; ++y) {
    Sample* row = grey.ptr<Sample>(y);
    std::replace(row, row + grey.cols, static_cast<Sample>(key), static_cast<Sample>(~0U));
  }
}

std::uint8_t overWhite(int colour, int alpha, bool premultiplied) {
  const int value =
      premultiplied ? colour + 255 - alpha : (colour * alpha + 255 * (255 - alpha) + 127) / 255;
  return static_cast<std::uint8_t>(std::min(value, 255));
}

// Blue, green, red, alpha to red, green, blue on white.
cv::Mat composited(const cv::Mat& bgra, bool premultiplied) {
  cv::Mat rgb(bgra.size(), CV_8UC3);
  for (int y = 0; y < bgra.rows; ++y) {
    const std::uint8_t* from = bgra.ptr(y);
    std::uint8_t* to = rgb.ptr(y);
    for (int x = 0; x < bgra.cols; ++x, from += 4, to += 3) {
      for (int c = 0; c < 3; ++c) to[c] = overWhite(from[2 - c], from[3], premultiplied);
    }
  }
  return rgb;
}

cv::Mat toRgb8(cv::Mat decoded, const PhotoHeader& header) {
  if (header.transparentGrey && decoded.type() == CV_8UC1) {
    whitenGrey<std::uint8_t>(decoded, *header.transparentGrey);
  } else if (header.transparentGrey && decoded.type() == CV_16UC1) {
    whitenGrey<std::uint16_t>(decoded, *header.transparentGrey);
  }
  if (decoded.depth() == CV_16U) decoded.convertTo(decoded, CV_8U, 1.0 / 257.0);
  CV_Assert(decoded.depth() == CV_8U);
  cv::Mat rgb;
  if (decoded.channels() == 1) {
    cv::cvtColor(decoded, rgb, cv::COLOR_GRAY2RGB);
  } else if (decoded.channels() == 3) {
    cv::cvtColor(decoded, rgb, cv::COLOR_BGR2RGB);
  } else {
    CV_Assert(decoded.channels() == 4);
    rgb = composited(decoded, header.premultiplied);
  }
  return rgb;
}

// EXIF orientation: which way the stored rows and columns lie. 5..8 exchange width and height.
cv::Mat upright(const cv::Mat& stored, int orientation) {
  constexpr int upsideDown = 0, mirror = 1, both = -1;
  cv::Mat turned = stored;
  if (orientation >= 5) cv::transpose(stored, turned);
  cv::Mat result;
  switch (orientation) {
    case 2:
    case 6:
      cv::flip(turned, result, mirror);
      return result;
    case 3:
    case 7:
      cv::flip(turned, result, both);
      return result;
    case 4:
    case 8:
      cv::flip(turned, result, upsideDown);
      return result;
    default:
      return turned;
  }
}

cv::Mat bufferOf(std::string_view input) {
  return cv::Mat(1, static_cast<int>(input.size()), CV_8UC1, const_cast<char*>(input.data()));
}

Size reduced(Size full, int scale) {
  return {(full.width + scale - 1) / scale, (full.height + scale - 1) / scale};
}

// The strongest reduction that leaves `leastSide`, or more of it where the limits ask for that.
int scaleFor(Size full, int leastSide) {
  const auto longer = [&](int scale) {
    const Size size = reduced(full, scale);
    return std::max(size.width, size.height);
  };
  const auto tooLarge = [&](int scale) {
    const Size size = reduced(full, scale);
    return std::int64_t{size.width} * size.height > kMaxPhotoPixels ||
           longer(scale) > kMaxPhotoSide;
  };
  int scale = 1;
  while (scale < 8 && (tooLarge(scale) || longer(2 * scale) >= leastSide)) scale *= 2;
  return scale;
}

int reducedFlag(int scale) {
  switch (scale) {
    case 2:
      return cv::IMREAD_REDUCED_COLOR_2;
    case 4:
      return cv::IMREAD_REDUCED_COLOR_4;
    case 8:
      return cv::IMREAD_REDUCED_COLOR_8;
    default:
      return cv::IMREAD_COLOR;
  }
}

ReducedPhoto decodeReducedJpeg(std::string_view bytes, const std::string& name, int leastSide) {
  const PhotoHeader header = readPhotoHeader(bytes, name, PhotoUse::reduced);
  const int scale = scaleFor(header.size, leastSide);
  cv::Mat decoded =
      cv::imdecode(bufferOf(bytes), reducedFlag(scale) | cv::IMREAD_IGNORE_ORIENTATION);
  const Size expected = reduced(header.size, scale);
  CV_Assert(decoded.cols == expected.width && decoded.rows == expected.height);
  const bool sideways = header.orientation >= 5;
  const Size full = sideways ? Size{header.size.height, header.size.width} : header.size;
  return {imageOf(upright(toRgb8(std::move(decoded), header), header.orientation)), full};
}

}  // namespace

Image decodePhoto(std::string_view bytes, const std::string& name) {
  if (bytes.size() > kMaxPhotoBytes) fail<InputError>("{}: the file is too large", name);
  return guarded<InputError>(name, "the picture is damaged and cannot be decoded", [&] {
    const PhotoHeader header = readPhotoHeader(bytes, name);
    const std::string_view input = header.cleaned.empty() ? bytes : header.cleaned;
    cv::Mat decoded = cv::imdecode(bufferOf(input), cv::IMREAD_UNCHANGED);
    // The decoder must agree with the header that was checked (it turns some formats itself).
    const bool agrees = decoded.cols == header.size.width && decoded.rows == header.size.height;
    const bool turned = decoded.rows == header.size.width && decoded.cols == header.size.height;
    CV_Assert(!decoded.empty() && (agrees || turned));
    return imageOf(upright(toRgb8(std::move(decoded), header), header.orientation));
  });
}

Image readPhoto(const std::filesystem::path& path) {
  return decodePhoto(readPhotoFile(path), displayName(path));
}

ReducedPhoto decodePhotoReduced(std::string_view bytes, const std::string& name, int leastSide) {
  if (bytes.size() > kMaxPhotoBytes) fail<InputError>("{}: the file is too large", name);
  if (bytes.starts_with("\xFF\xD8\xFF")) {
    return guarded<InputError>(name, "the picture is damaged and cannot be decoded",
                               [&] { return decodeReducedJpeg(bytes, name, leastSide); });
  }
  Image image = decodePhoto(bytes, name);
  const Size full = image.size();
  const int scale = scaleFor(full, leastSide);
  if (scale > 1) image = resize(image, reduced(full, scale));
  return {std::move(image), full};
}

ReducedPhoto readPhotoReduced(const std::filesystem::path& path, int leastSide) {
  return decodePhotoReduced(readPhotoFile(path), displayName(path), leastSide);
}

const std::vector<std::string>& photoExtensions() {
  static const std::vector<std::string> extensions = {".jpg",  ".jpeg", ".jpe",  ".jfif", ".png",
                                                      ".webp", ".tif",  ".tiff", ".bmp",  ".dib",
                                                      ".ppm",  ".pgm",  ".pnm"};
  return extensions;
}

}  // namespace inkling
