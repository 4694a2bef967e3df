#include "core/image/picture_writer.h"

#include <vector>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/path.h"
#include "core/image/matrix.h"

namespace inkling {
namespace {

std::string encode(const Image& image, const char* extension, const std::vector<int>& parameters) {
  requirePixels(image, "write");
  return guarded<OutputError>(fmt::format("{} x {} picture", image.width, image.height),
                              "cannot be encoded", [&] {
                                cv::Mat bgr;
                                cv::cvtColor(matrixOf(image), bgr, cv::COLOR_RGB2BGR);
                                std::vector<std::uint8_t> bytes;
                                CV_Assert(cv::imencode(extension, bgr, bytes, parameters));
                                return std::string(bytes.begin(), bytes.end());
                              });
}

}  // namespace

std::string encodePng(const Image& image) {
  return encode(image, ".png", {cv::IMWRITE_PNG_COMPRESSION, 6});
}

std::string encodeJpeg(const Image& image, int quality) {
  if (quality < 1 || quality > 100) fail<UsageError>("JPEG quality {} is not in 1..100", quality);
  return encode(image, ".jpg", {cv::IMWRITE_JPEG_QUALITY, quality});
}

void writePicture(const std::filesystem::path& path, const Image& image) {
  const std::string extension = lowerExtension(path);
  if (extension == ".png") {
    writeFileAtomically(path, encodePng(image));
  } else if (extension == ".jpg" || extension == ".jpeg") {
    writeFileAtomically(path, encodeJpeg(image));
  } else {
    fail<UsageError>("{}: pictures are written as .png, .jpg or .jpeg", displayName(path));
  }
}

}  // namespace inkling
