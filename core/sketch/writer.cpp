#include "core/sketch/writer.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/path.h"
#include "core/sketch/png_file.h"
#include "core/sketch/rasterise.h"
#include "core/sketch/svg_eraser.h"

namespace inkling {
namespace {

std::string pathData(const Stroke& stroke) {
  std::string data;
  for (std::size_t i = 0; i < stroke.size(); ++i) {
    fmt::format_to(std::back_inserter(data), "{}{} {}", i == 0 ? "M" : " L", stroke.x[i],
                   stroke.y[i]);
  }
  // A line to itself, with round ends, shows as a dot.
  if (stroke.size() == 1) data += fmt::format(" L{} {}", stroke.x[0], stroke.y[0]);
  return data;
}

}  // namespace

std::string toSvg(const Sketch& sketch) {
  const bool picture = !sketch.raster.empty();
  InkBounds page{0, 0, picture ? sketch.raster.width : sketch.width,
                 picture ? sketch.raster.height : sketch.height};
  if (!(page.right > 0 && page.bottom > 0)) page = boundsOf(sketch.strokes);
  // A line's picture has no area, and a viewBox without area shows nothing.
  const double width = std::max(page.width(), 1.0), height = std::max(page.height(), 1.0);
  const double pen = std::max(width, height) / 128;
  std::string text = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{} {} {} {}\" fill=\"none\" "
      "stroke=\"black\"\n"
      "     stroke-width=\"{}\" stroke-linecap=\"round\" stroke-linejoin=\"round\">\n",
      page.left, page.top, width, height, pen);
  for (const Stroke& stroke : picture ? inkStrokes(sketch) : sketch.strokes) {
    if (stroke.x.empty()) continue;
    std::string extra;
    if (stroke.eraser) {
      extra = fmt::format(" class=\"{}\" stroke=\"white\" stroke-width=\"{}\"", kSvgEraserClass,
                          eraserWidth(sketch));
    }
    fmt::format_to(std::back_inserter(text), "  <path{} d=\"{}\"/>\n", extra, pathData(stroke));
  }
  return text + "</svg>\n";
}

std::string toPng(const Sketch& sketch) { return encodePng(renderPage(sketch)); }

void writeSketch(const std::filesystem::path& path, const Sketch& sketch) {
  const std::string extension = lowerExtension(path);
  if (extension == ".json") {
    writeFileAtomically(path, toJson(sketch));
  } else if (extension == ".svg") {
    writeFileAtomically(path, toSvg(sketch));
  } else if (extension == ".ndjson") {
    writeFileAtomically(path, toQuickDraw(sketch, sketch.name) + "\n");
  } else if (extension == ".png") {
    writeFileAtomically(path, toPng(sketch));
  } else {
    fail<UsageError>("{}: a sketch is written as .json, .svg, .ndjson or .png", displayName(path));
  }
}

}  // namespace inkling
