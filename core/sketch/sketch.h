// A sketch: what a person drew, as pen strokes or as a picture of ink.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace inkling {

/// One movement of the pen. All lists that are not empty have the same length.
struct Stroke {
  std::vector<float> x, y;      ///< points in the units of the page, y downwards
  std::vector<float> t;         ///< milliseconds since the first point; may be empty
  std::vector<float> pressure;  ///< 0 .. 1; may be empty. Kept, but not used for drawing: the model
                                ///< should not care how hard somebody presses
  bool eraser = false;          ///< removes what was drawn before, within eraserWidth() / 2

  std::size_t size() const { return x.size(); }
};

/// A picture of ink, row by row.
struct InkRaster {
  int width = 0, height = 0;      ///< pixels
  std::vector<std::uint8_t> ink;  ///< width * height values, 0 paper .. 255 ink

  bool empty() const { return ink.empty(); }
};

/// Either `strokes` or `raster` holds the drawing, never both.
struct Sketch {
  std::string name;              ///< file name or word, for messages
  double width = 0, height = 0;  ///< the page, in the units of the strokes; 0 when not known
  std::vector<Stroke> strokes;   ///< in the order of drawing
  InkRaster raster;              ///< for a sketch that came as a picture
};

/// Smallest box around points; `empty()` when there are none.
struct InkBounds {
  double left = 0, top = 0, right = -1, bottom = -1;

  bool empty() const { return right < left; }
  double width() const { return empty() ? 0 : right - left; }
  double height() const { return empty() ? 0 : bottom - top; }
};

/// Coordinates and page sizes beyond this are refused as absurd.
inline constexpr double kLargestCoordinate = 1e6;

/// The width of the eraser in the units of the strokes: 4 % of the longer side of the page (of the
/// box around all strokes when the page is not known).
double eraserWidth(const Sketch& sketch);

/// What is left of the drawing, as pen strokes only: parts under later eraser strokes are cut out,
/// and a picture is traced along the middle of its lines (in pixels of the raster). Empty when
/// there is no ink. Does not validate.
std::vector<Stroke> inkStrokes(const Sketch& sketch);

/// The box around the points of all strokes, erasers included.
InkBounds boundsOf(const std::vector<Stroke>& strokes);

/// True when something is left on the page after all erasing.
bool hasInk(const Sketch& sketch);

/// Throws InputError, naming `sketch.name` and the reason, for a sketch that cannot be looked for:
/// lists of different length, coordinates that are NaN, infinite or beyond kLargestCoordinate, a
/// raster of the wrong size, nothing drawn, everything erased, or only a dot (all ink within 0.2 %
/// of the page's longer side).
void validate(const Sketch& sketch);

/// Whether `validate` would accept it, for sets of drawings from which the useless ones are left
/// out.
bool isUsable(const Sketch& sketch);

}  // namespace inkling
