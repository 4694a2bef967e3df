// Photos of 8 bits to the input of a model in one pass: scaled, put at the top left of the frame
// (core/geometry/letterbox.h says how large), padded, normalised, one plane per channel. What
// core/image/resize.h letterboxPlanes does in four passes. Plain memory, no image library; what
// lies between photo and frame is never stored.
//
//   Letterboxing job;
//   job.photos = {{pixels, 3 * width, width, height, contentWidth, contentHeight}};
//   job.frameWidth = job.frameHeight = 640;
//   job.normalise(mean, std);
//   job.output = planes;
//   letterbox(job, 0, job.items());
//
// Along an axis that shrinks, a pixel is the mean of what it covers; along one that grows, it is
// blended of its two neighbours, pixels reaching from half to half; both rounded to 8 bits, as
// OpenCV's INTER_AREA and INTER_LINEAR do: means to the even number when two are equally near
// (upward when both axes shrink to exactly half), blends in fixed point of 11 bits. All of it is
// done in whole numbers, so the result is the same everywhere, on a card too. OpenCV adds up
// fractions; it differs by one of 255 levels in fewer than 1 of 100 pixels.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/kernels/instructions.h"

namespace inkling::kernels {

struct Letterboxing {
  struct Photo {
    const std::uint8_t* pixels = nullptr;     ///< [height, width, 3]: R, G, B
    std::int64_t rowBytes = 0;                ///< from one row to the next
    int width = 0, height = 0;                ///< 1 .. kMostPixels
    int contentWidth = 0, contentHeight = 0;  ///< in the frame
  };
  static constexpr int kMostPixels = 65535;

  std::vector<Photo> photos;
  int frameWidth = 0, frameHeight = 0;
  bool bgr = false;  ///< the planes are B, G, R instead of R, G, B
  /// Of all channels around the photo, before normalisation.
  float padding = 114;
  /// Plane p has pixel * scale[p] + offset[p], rounded once. The default leaves 0 .. 255.
  std::array<float, 3> scale = {1, 1, 1}, offset = {0, 0, 0};

  /// [photos, 3, frameHeight, frameWidth]; one of the two, the other is null.
  float* output = nullptr;
  std::uint16_t* halfOutput = nullptr;  ///< the bits of core/kernels/half.h

  /// Scale and offset for (pixel / 255 - mean) / std, both R, G, B whatever `bgr` says: set it
  /// first.
  void normalise(const std::array<float, 3>& mean, const std::array<float, 3>& std);

  /// What can be computed on its own: one row of the frame of one photo.
  std::int64_t items() const { return static_cast<std::int64_t>(photos.size()) * frameHeight; }
  /// Throws std::invalid_argument for a side out of bounds, a content larger than the frame, a
  /// photo without pixels, and unless there is exactly one output.
  void check() const;
};

/// Computes the items begin .. end-1; long runs of one photo are quickest. Different items may run
/// at the same time. Throws as check() does.
void letterbox(const Letterboxing& job, std::int64_t begin, std::int64_t end,
               Instructions instructions = fastestInstructions());

}  // namespace inkling::kernels
