// Frames and plates of scored boxes on pictures. Internal to core/image.
#pragma once

#include <span>
#include <string>

#include <opencv2/core.hpp>

#include "core/geometry/box.h"
#include "core/image/image.h"

namespace inkling {

struct PaintedBox {
  ScoredBox scored;  ///< pixels of the picture
  Rgb colour;
  bool strong = false;  ///< thicker lines, larger letters
  std::string label;    ///< printable ASCII, before the score in percent; may be empty
};

/// Draws the boxes, best first: better ones lie on top, and all plates lie over all frames. A
/// plate goes where it hides no plate of a better box; where there is no such place, the box has
/// its frame alone. Boxes outside of the picture are left out. Lines and letters follow the size of
/// the picture.
void paintBoxes(cv::Mat& rgb, std::span<const PaintedBox> boxes);

}  // namespace inkling
