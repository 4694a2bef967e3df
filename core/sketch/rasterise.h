// Drawing a sketch as the small picture that the sketch encoder sees: cropped to its ink, so that a
// drawing in the corner of a large page looks the same as one that fills it, and with one line
// width whatever the pen was.
#pragma once

#include <cstddef>
#include <vector>

#include "core/sketch/sketch.h"

namespace inkling {

struct RasterOptions {
  int size = 64;           ///< side of the square picture in pixels, 1 .. 4096
  float lineWidth = 1.5f;  ///< pixels of the picture
  float margin = 3.0f;     ///< pixels left free on each side
};

/// raster = sketch * scale + offset, in pixels; the centre of the first pixel is at 0.5.
struct InkFrame {
  double scale = 1, offsetX = 0, offsetY = 0;
};

/// The frame that centres the ink in the picture, aspect kept, lines with their width inside the
/// margins. Ink that is one point only is centred at scale 1. Throws UsageError for options out of
/// range.
InkFrame inkFrame(const Sketch& sketch, const RasterOptions& options = {});

/// size * size values row by row, 0 paper .. 1 ink, antialiased. A sketch without ink gives an
/// empty page. Coordinates have to be finite (see validate). Throws UsageError for options out of
/// range.
std::vector<float> rasterise(const Sketch& sketch, const RasterOptions& options = {});

/// One stroke alone in the frame of the whole sketch (`inkFrame(sketch, options)`), less what later
/// eraser strokes remove; an eraser stroke gives an empty page. Throws UsageError for a stroke that
/// the sketch has not, which includes every stroke of a sketch that came as a picture.
std::vector<float> rasteriseStroke(const Sketch& sketch, std::size_t stroke, const InkFrame& frame,
                                   const RasterOptions& options = {});

/// The whole page as a picture, uncropped: its longer side has `longerSide` pixels, lines are
/// `lineWidth` wide. A sketch that came as a picture is returned as it is. Without a known page,
/// the box around the ink is the page.
InkRaster renderPage(const Sketch& sketch, int longerSide = 512, float lineWidth = 4.0f);

}  // namespace inkling
