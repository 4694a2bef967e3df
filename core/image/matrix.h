// Between Image and OpenCV. Internal to core/image: no other folder sees an OpenCV type.
#pragma once

#include <new>
#include <string>
#include <utility>

#include <opencv2/core.hpp>

#include "core/base/error.h"
#include "core/image/image.h"

namespace inkling {

/// A matrix (CV_8UC3, R, G, B) over the pixels of `image`, without a copy; lives as long as the
/// image.
cv::Mat matrixOf(Image& image);
/// The same for reading only: OpenCV has no constant matrix, so the caller promises not to write.
cv::Mat matrixOf(const Image& image);

/// A copy of a CV_8UC3 matrix in the order R, G, B.
Image imageOf(const cv::Mat& rgb);

/// Throws UsageError "... an empty picture" unless `image` has pixels, and as many as its size
/// says.
void requirePixels(const Image& image, const char* action);

/// Keeps OpenCV from writing to stderr what the exceptions say already. Cheap to repeat.
void silenceOpenCv();

/// Runs `work`; an exception of OpenCV or a lack of memory becomes `E` with the text "NAME:
/// REASON".
template <typename E, typename Work>
auto guarded(const std::string& name, const char* reason, Work&& work) {
  silenceOpenCv();
  try {
    return std::forward<Work>(work)();
  } catch (const cv::Exception&) {
    fail<E>("{}: {}", name, reason);
  } catch (const std::bad_alloc&) {
    fail<E>("{}: not enough memory", name);
  }
}

}  // namespace inkling
