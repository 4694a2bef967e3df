#include "core/sketch/sketch.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/sketch/erase.h"
#include "core/sketch/trace.h"

namespace inkling {
namespace {

constexpr double kEraserPart = 0.04;
constexpr double kDotPart = 0.002;

void include(InkBounds& box, double x, double y) {
  if (box.empty()) {
    box = {x, y, x, y};
    return;
  }
  box.left = std::min(box.left, x);
  box.top = std::min(box.top, y);
  box.right = std::max(box.right, x);
  box.bottom = std::max(box.bottom, y);
}

// The longer side of the page, or of the ink when the page is not known.
double pageSide(const Sketch& sketch) {
  const double page = std::max(sketch.width, sketch.height);
  if (page > 0) return page;
  const InkBounds box = boundsOf(sketch.strokes);
  return std::max(box.width(), box.height());
}

void checkNumbers(const Sketch& sketch, const Stroke& stroke, std::size_t index) {
  const std::string& name = sketch.name;
  if (stroke.y.size() != stroke.x.size() ||
      (!stroke.t.empty() && stroke.t.size() != stroke.x.size()) ||
      (!stroke.pressure.empty() && stroke.pressure.size() != stroke.x.size())) {
    fail<InputError>("{}: stroke {} has lists of different lengths", name, index);
  }
  for (const auto* values : {&stroke.x, &stroke.y}) {
    for (const float value : *values) {
      if (!std::isfinite(value)) {
        fail<InputError>("{}: stroke {} has a coordinate that is not a number", name, index);
      }
      if (std::abs(value) > kLargestCoordinate) {
        fail<InputError>("{}: stroke {} has the absurd coordinate {}", name, index, value);
      }
    }
  }
  for (const auto* values : {&stroke.t, &stroke.pressure}) {
    for (const float value : *values) {
      if (!std::isfinite(value)) {
        fail<InputError>("{}: stroke {} has a time or pressure that is not a number", name, index);
      }
    }
  }
}

void checkForm(const Sketch& sketch) {
  for (const double side : {sketch.width, sketch.height}) {
    if (!std::isfinite(side) || side < 0 || side > kLargestCoordinate) {
      fail<InputError>("{}: the page size {} x {} makes no sense", sketch.name, sketch.width,
                       sketch.height);
    }
  }
  for (std::size_t i = 0; i < sketch.strokes.size(); ++i)
    checkNumbers(sketch, sketch.strokes[i], i);
  const InkRaster& raster = sketch.raster;
  if (raster.empty()) return;
  if (raster.width <= 0 || raster.height <= 0 ||
      raster.ink.size() != static_cast<std::size_t>(raster.width) * raster.height) {
    fail<InputError>("{}: the picture has not the size that it claims", sketch.name);
  }
  if (!sketch.strokes.empty()) {
    fail<InputError>("{}: holds both strokes and a picture", sketch.name);
  }
}

}  // namespace

InkBounds boundsOf(const std::vector<Stroke>& strokes) {
  InkBounds box;
  for (const Stroke& stroke : strokes) {
    for (std::size_t i = 0; i < stroke.size(); ++i) include(box, stroke.x[i], stroke.y[i]);
  }
  return box;
}

double eraserWidth(const Sketch& sketch) { return kEraserPart * pageSide(sketch); }

std::vector<Stroke> inkStrokes(const Sketch& sketch) {
  if (!sketch.raster.empty()) return traceInk(sketch.raster);
  const double radius = eraserWidth(sketch) / 2;
  std::vector<Stroke> ink;
  for (const Stroke& stroke : sketch.strokes) {
    if (stroke.x.empty()) continue;
    if (!stroke.eraser) {
      ink.push_back(stroke);
      continue;
    }
    std::vector<Stroke> left;
    for (const Stroke& pen : ink) {
      for (Stroke& piece : eraseFrom(pen, stroke, radius)) left.push_back(std::move(piece));
    }
    ink = std::move(left);
  }
  return ink;
}

bool hasInk(const Sketch& sketch) { return !inkStrokes(sketch).empty(); }

void validate(const Sketch& sketch) {
  checkForm(sketch);
  const auto drawn = [](const Stroke& stroke) { return !stroke.eraser && !stroke.x.empty(); };
  if (sketch.raster.empty() && std::none_of(sketch.strokes.begin(), sketch.strokes.end(), drawn)) {
    fail<InputError>("{}: the sketch is empty", sketch.name);
  }
  const std::vector<Stroke> ink = inkStrokes(sketch);
  if (ink.empty()) fail<InputError>("{}: no ink is left in the sketch", sketch.name);
  const InkBounds box = boundsOf(ink);
  const double side = sketch.raster.empty() ? pageSide(sketch)
                                            : std::max(sketch.raster.width, sketch.raster.height);
  if (std::max(box.width(), box.height()) <= std::max(kDotPart * side, 1e-6)) {
    fail<InputError>("{}: only a dot; draw at least one line", sketch.name);
  }
}

bool isUsable(const Sketch& sketch) {
  try {
    validate(sketch);
    return true;
  } catch (const InputError&) {
    return false;
  }
}

}  // namespace inkling
