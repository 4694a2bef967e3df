#include "core/sketch/rasterise.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/sketch/line_distance.h"

namespace inkling {
namespace {

void check(const RasterOptions& options) {
  if (options.size < 1 || options.size > 4096) {
    fail<UsageError>("a raster of {} pixels is out of range (1 to 4096)", options.size);
  }
  if (!(options.lineWidth > 0 && options.lineWidth <= options.size)) {
    fail<UsageError>("a line width of {} pixels is out of range", options.lineWidth);
  }
  if (!(options.margin >= 0 && 2 * options.margin + options.lineWidth < options.size)) {
    fail<UsageError>("a margin of {} pixels leaves no room in {}", options.margin, options.size);
  }
}

// A picture that lines are drawn on. A line covers a pixel by how far its centre lies inside the
// line's edge.
class Page {
 public:
  Page(int width, int height, float lineWidth)
      : width_(width),
        height_(height),
        outer_(lineWidth / 2 + 0.5f),
        values_(static_cast<std::size_t>(width) * height) {}

  void draw(const Stroke& stroke, const InkFrame& frame) {
    const auto px = [&](std::size_t i) {
      return static_cast<float>(stroke.x[i] * frame.scale + frame.offsetX);
    };
    const auto py = [&](std::size_t i) {
      return static_cast<float>(stroke.y[i] * frame.scale + frame.offsetY);
    };
    if (stroke.size() == 1) drawSegment(px(0), py(0), px(0), py(0));
    for (std::size_t i = 0; i + 1 < stroke.size(); ++i) {
      drawLine(px(i), py(i), px(i + 1), py(i + 1));
    }
  }

  std::vector<float> take() { return std::move(values_); }

 private:
  // Long lines are drawn in pieces, since the box around a long slanting line is mostly empty. The
  // distance from the line is the smallest of the distances from its pieces, so nothing changes in
  // the picture.
  void drawLine(float ax, float ay, float bx, float by) {
    constexpr float kPiece = 6;
    const float dx = bx - ax, dy = by - ay;
    const float shorter = std::min(std::abs(dx), std::abs(dy));
    const int pieces = std::clamp(static_cast<int>(shorter / kPiece), 1, 4096);
    for (int k = 0; k < pieces; ++k) {
      const float from = static_cast<float>(k) / pieces, to = static_cast<float>(k + 1) / pieces;
      drawSegment(ax + dx * from, ay + dy * from, ax + dx * to, ay + dy * to);
    }
  }

  void drawSegment(float ax, float ay, float bx, float by) {
    const float dx = bx - ax, dy = by - ay, length = dx * dx + dy * dy;
    const float inverse = length > 0 ? 1 / length : 0;
    const float reach = outer_ * outer_, full = std::max(outer_ - 1, 0.0f);
    const int left = first(std::min(ax, bx)), right = last(std::max(ax, bx), width_);
    const int top = first(std::min(ay, by)), bottom = last(std::max(ay, by), height_);
    for (int row = top; row <= bottom; ++row) {
      const float y = row + 0.5f - ay;
      float* values = values_.data() + static_cast<std::size_t>(row) * width_;
      for (int column = left; column <= right; ++column) {
        const float x = column + 0.5f - ax;
        const float along = std::clamp((x * dx + y * dy) * inverse, 0.0f, 1.0f);
        const float ex = x - along * dx, ey = y - along * dy, squared = ex * ex + ey * ey;
        if (squared >= reach) continue;
        const float cover =
            squared <= full * full ? 1.0f : std::min(1.0f, outer_ - std::sqrt(squared));
        values[column] = std::max(values[column], cover);
      }
    }
  }

  // The range of pixels whose centres may lie within reach; clamped before the conversion to int.
  int first(float low) const {
    return static_cast<int>(std::clamp(std::floor(low - outer_ - 0.5f), 0.0f, 1e6f));
  }
  int last(float high, int count) const {
    return static_cast<int>(
        std::clamp(std::ceil(high + outer_ - 0.5f), -1.0f, static_cast<float>(count - 1)));
  }

  int width_, height_;
  float outer_;
  std::vector<float> values_;
};

InkFrame frameOf(const InkBounds& box, const RasterOptions& options) {
  InkFrame frame;
  const double side = std::max(box.width(), box.height());
  const double room = options.size - 2.0 * options.margin - options.lineWidth;
  // Ink of next to no extent is left at its own scale, not blown up without bound.
  if (side > 1e-9) frame.scale = room / side;
  if (box.empty()) return frame;
  frame.offsetX = options.size / 2.0 - (box.left + box.right) / 2 * frame.scale;
  frame.offsetY = options.size / 2.0 - (box.top + box.bottom) / 2 * frame.scale;
  return frame;
}

std::vector<float> drawAll(const std::vector<Stroke>& ink, const InkFrame& frame,
                           const RasterOptions& options) {
  Page page(options.size, options.size, options.lineWidth);
  for (const Stroke& stroke : ink) page.draw(stroke, frame);
  return page.take();
}

// Most sketches are pen strokes alone; those need no copy.
bool isPlain(const Sketch& sketch) {
  return sketch.raster.empty() && std::none_of(sketch.strokes.begin(), sketch.strokes.end(),
                                               [](const Stroke& stroke) { return stroke.eraser; });
}

}  // namespace

InkFrame inkFrame(const Sketch& sketch, const RasterOptions& options) {
  check(options);
  return frameOf(boundsOf(isPlain(sketch) ? sketch.strokes : inkStrokes(sketch)), options);
}

std::vector<float> rasterise(const Sketch& sketch, const RasterOptions& options) {
  check(options);
  if (isPlain(sketch)) {
    return drawAll(sketch.strokes, frameOf(boundsOf(sketch.strokes), options), options);
  }
  const std::vector<Stroke> ink = inkStrokes(sketch);
  return drawAll(ink, frameOf(boundsOf(ink), options), options);
}

std::vector<float> rasteriseStroke(const Sketch& sketch, std::size_t stroke, const InkFrame& frame,
                                   const RasterOptions& options) {
  check(options);
  if (stroke >= sketch.strokes.size()) {
    fail<UsageError>("{}: has no stroke {}", sketch.name, stroke);
  }
  if (sketch.strokes[stroke].eraser) return drawAll({}, frame, options);
  // The eraser keeps the width that it has on the whole page.
  const InkBounds box = boundsOf(sketch.strokes);
  const bool known = std::max(sketch.width, sketch.height) > 0;
  Sketch alone{sketch.name,
               known ? sketch.width : box.width(),
               known ? sketch.height : box.height(),
               {sketch.strokes[stroke]},
               {}};
  for (std::size_t i = stroke + 1; i < sketch.strokes.size(); ++i) {
    if (sketch.strokes[i].eraser) alone.strokes.push_back(sketch.strokes[i]);
  }
  return drawAll(inkStrokes(alone), frame, options);
}

InkRaster renderPage(const Sketch& sketch, int longerSide, float lineWidth) {
  if (!sketch.raster.empty()) return sketch.raster;
  if (longerSide < 1 || longerSide > 16384) {
    fail<UsageError>("a picture of {} pixels is out of range (1 to 16384)", longerSide);
  }
  if (!(lineWidth > 0 && lineWidth <= longerSide)) {
    fail<UsageError>("a line width of {} pixels is out of range", lineWidth);
  }
  const std::vector<Stroke> ink = inkStrokes(sketch);
  InkBounds page{0, 0, sketch.width, sketch.height};
  if (!(sketch.width > 0 && sketch.height > 0)) {
    // Room for the ends of the lines around the ink.
    page = boundsOf(ink);
    const double room = std::max({page.width(), page.height(), 1.0}) * 0.05;
    page = {page.left - room, page.top - room, page.right + room, page.bottom + room};
  }
  InkFrame frame;
  frame.scale = longerSide / std::max(page.width(), page.height());
  frame.offsetX = -page.left * frame.scale;
  frame.offsetY = -page.top * frame.scale;
  const auto pixels = [&](double side) {
    return std::max(1, static_cast<int>(std::lround(side * frame.scale)));
  };
  InkRaster picture{pixels(page.width()), pixels(page.height()), {}};
  Page canvas(picture.width, picture.height, lineWidth);
  for (const Stroke& stroke : ink) canvas.draw(stroke, frame);
  for (const float value : canvas.take()) {
    picture.ink.push_back(static_cast<std::uint8_t>(std::lround(value * 255)));
  }
  return picture;
}

}  // namespace inkling
