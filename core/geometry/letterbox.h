// Fitting a photo of any shape into the fixed frame of a model, and bringing boxes back.
#pragma once

#include "core/geometry/box.h"
#include "core/geometry/size.h"

namespace inkling {

/// The photo is scaled with its aspect kept until it fits the frame, and put at the TOP-LEFT
/// corner; what is left of the frame at the right or at the bottom is padding (as in YOLOX).
///
///     const Letterbox letterbox({1920, 1080}, {640, 640});
///     letterbox.content();                      // 640 x 360
///     letterbox.toPhoto({0, 0, 640, 360});      // 0, 0, 1920, 1080
class Letterbox {
 public:
  /// Throws UsageError when a side is not positive.
  Letterbox(Size photo, Size frame);

  Size photo() const { return photo_; }
  Size frame() const { return frame_; }
  /// The exact scale, min(frame width / photo width, frame height / photo height); over 1 for a
  /// small photo.
  double scale() const { return scale_; }
  /// The size of the scaled photo in the frame: whole pixels, at least 1 x 1.
  Size content() const { return content_; }

  /// Photo pixels to frame pixels. The whole photo maps to exactly the content: each axis has its
  /// own scale, content / photo, which differs from scale() by the rounding of content() only.
  Box toFrame(const Box& box) const;
  /// Frame pixels to photo pixels, clipped to the photo; Box{} for a box that lies in the padding.
  Box toPhoto(const Box& box) const;

 private:
  Size photo_;
  Size frame_;
  double scale_ = 1;
  Size content_;
};

}  // namespace inkling
