// Changing the size of pictures, and making them input for a model.
#pragma once

#include <array>
#include <vector>

#include "core/geometry/box.h"
#include "core/geometry/size.h"
#include "core/image/image.h"

namespace inkling {

enum class Resampling {
  area,    ///< mean over the covered area when shrinking (no aliasing), bilinear when growing
  linear,  ///< bilinear always, as cv2.resize does by default: aliases when shrinking by more than
           ///< 2
};

/// The picture at another size. Throws UsageError when `image` is empty or a side of `size` is not
/// positive.
Image resize(const Image& image, Size size, Resampling resampling = Resampling::area);

struct LetterboxOptions {
  /// Per channel in the order R, G, B (whatever `bgr` says), for values in 0..1.
  std::array<float, 3> mean = {0.0F, 0.0F, 0.0F};
  std::array<float, 3> std = {1.0F, 1.0F, 1.0F};
  /// The 8-bit value of all channels in the padding, before normalisation.
  float padding = 114.0F;
  /// The planes are B, G, R instead of R, G, B.
  bool bgr = false;
  /// true: value = (v / 255 - mean) / std. false: the 8-bit values 0..255 as they are; mean and std
  /// are not used.
  bool unitScale = true;
  Resampling resampling = Resampling::area;
};

/// The photo in the frame of a model, placed by Letterbox (top-left, padding at the right or
/// bottom): planar floats, shape 3 x frame.height x frame.width. Throws UsageError when `image` is
/// empty, the frame has a side that is not positive, or a std is 0.
std::vector<float> letterboxPlanes(const Image& image, Size frame,
                                   const LetterboxOptions& options = {});

/// The mirror image, left and right exchanged.
Image flipHorizontally(const Image& image);

/// The pixels that `box` touches, at least one. Throws UsageError when no part of the box is inside
/// the picture.
Image crop(const Image& image, const Box& box);

}  // namespace inkling
