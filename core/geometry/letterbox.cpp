#include "core/geometry/letterbox.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace inkling {
namespace {

void requirePositive(Size size, const char* what) {
  if (size.width <= 0 || size.height <= 0) {
    fail<UsageError>("the {} of a letterbox cannot be {} x {}", what, size.width, size.height);
  }
}

int scaledSide(int side, double scale, int limit) {
  // Clamped as a double: an extreme scale could leave the range of int.
  return static_cast<int>(std::clamp(std::round(side * scale), 1.0, static_cast<double>(limit)));
}

}  // namespace

Letterbox::Letterbox(Size photo, Size frame) : photo_(photo), frame_(frame) {
  requirePositive(photo, "photo");
  requirePositive(frame, "frame");
  scale_ = std::min(static_cast<double>(frame.width) / photo.width,
                    static_cast<double>(frame.height) / photo.height);
  content_ = {scaledSide(photo.width, scale_, frame.width),
              scaledSide(photo.height, scale_, frame.height)};
}

// Multiplied before divided: whole photo <-> whole content is then exact.
Box Letterbox::toFrame(const Box& box) const {
  return {box.x * content_.width / photo_.width, box.y * content_.height / photo_.height,
          box.width * content_.width / photo_.width, box.height * content_.height / photo_.height};
}

Box Letterbox::toPhoto(const Box& box) const {
  return clip(
      {box.x * photo_.width / content_.width, box.y * photo_.height / content_.height,
       box.width * photo_.width / content_.width, box.height * photo_.height / content_.height},
      photo_);
}

}  // namespace inkling
