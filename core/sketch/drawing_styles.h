// The same drawing as other people and other devices would hand it in: what the reader of pictures
// has to cope with. Used to measure what each style costs, and as test input.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/sketch/sketch.h"

namespace inkling {

enum class DrawingStyle {
  kAsDrawn,   ///< pen strokes, nothing changed
  kPicture,   ///< a picture, black on white
  kInverted,  ///< a picture, white on black
  kThinPen,   ///< hair lines
  kThickPen,  ///< a marker
  kFilled,    ///< outlines filled with ink
  kPaper,     ///< a photo of pencil on paper: turned, uneven light, a shadow's edge, noise, out of
              ///< focus
};

/// All of them, as above.
const std::vector<DrawingStyle>& allDrawingStyles();
/// "as drawn", "picture", "inverted", "thin pen", "thick pen", "filled", "paper".
std::string nameOf(DrawingStyle style);

/// The drawing in that style after it has been read back. The same seed gives the same picture.
/// Throws InputError when nothing is left that could be read.
Sketch restyled(const Sketch& sketch, DrawingStyle style, std::uint64_t seed);

}  // namespace inkling
