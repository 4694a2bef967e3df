// Reading SVG drawings.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/sketch/reader.h"
#include "core/sketch/svg_eraser.h"
#include "core/sketch/svg_numbers.h"
#include "core/sketch/svg_path.h"
#include "core/sketch/svg_transform.h"
#include "core/sketch/xml_scanner.h"

namespace inkling {
namespace {

constexpr std::size_t kMostPoints = 2'000'000;

// Elements whose content is not drawn where it stands.
constexpr std::array<std::string_view, 17> kPassedOver = {
    "defs",           "symbol",         "clippath", "mask",  "pattern", "marker",
    "lineargradient", "script",         "style",    "title", "desc",    "text",
    "foreignobject",  "radialgradient", "filter",   "image", "metadata"};

// What an element inherits from those around it.
struct Style {
  SvgMatrix matrix;
  std::string fill = "black", stroke = "none";
  bool hidden = false;
};

struct Shape {
  Stroke stroke;
  bool pale =
      false;  // white: erased paper in one file, the drawing itself on dark paper in another
  bool filled = false;  // by its area alone, without a line
};

std::string normalised(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
    result += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return result;
}

bool isNothing(const std::string& paint) { return paint == "none" || paint == "transparent"; }

bool isWhite(const std::string& paint) {
  return paint == "white" || paint == "#fff" || paint == "#ffffff" || paint == "rgb(255,255,255)" ||
         paint == "rgb(100%,100%,100%)";
}

// A property, from the style attribute or else from the attribute of its own name.
std::string property(const XmlTag& tag, std::string_view name) {
  const std::string style = normalised(tag.value("style"));
  const std::string_view view = style;
  for (std::size_t at = 0; at < view.size();) {
    const std::size_t end = std::min(view.find(';', at), view.size());
    const std::string_view entry = view.substr(at, end - at);
    if (entry.starts_with(name) && entry.substr(name.size()).starts_with(':')) {
      return std::string(entry.substr(name.size() + 1));
    }
    at = end + 1;
  }
  return normalised(tag.value(name));
}

Style inherit(const Style& outer, const XmlTag& tag) {
  Style style = outer;
  if (const std::string_view text = tag.value("transform"); !text.empty()) {
    style.matrix = outer.matrix.after(parseSvgTransform(text));
  }
  if (std::string fill = property(tag, "fill"); !fill.empty()) style.fill = std::move(fill);
  if (std::string stroke = property(tag, "stroke"); !stroke.empty())
    style.stroke = std::move(stroke);
  const std::string visibility = property(tag, "visibility");
  if (property(tag, "display") == "none" || visibility == "hidden") style.hidden = true;
  return style;
}

// A number that may carry a unit ("12px"); `fallback` when the attribute is missing or relative
// ("100%").
double length(const XmlTag& tag, std::string_view name, double fallback = 0) {
  const std::string_view text = tag.value(name);
  if (text.empty() || text.find('%') != std::string_view::npos || text == "auto") return fallback;
  return SvgNumbers(text).number();
}

SvgLine pointList(const XmlTag& tag, bool closed) {
  SvgNumbers numbers(tag.value("points"));
  SvgLine line;
  while (numbers.atNumber()) {
    const double x = numbers.number();
    line.push_back({x, numbers.number()});
  }
  if (closed && !line.empty()) line.push_back(line.front());
  return line;
}

std::vector<SvgLine> shapeLines(const XmlTag& tag) {
  const auto at = [&](std::string_view name) { return length(tag, name); };
  const std::string& name = tag.name;
  if (name == "path") return parseSvgPath(tag.value("d"));
  if (name == "polyline" || name == "polygon") return {pointList(tag, name == "polygon")};
  if (name == "line") return {{{at("x1"), at("y1")}, {at("x2"), at("y2")}}};
  if (name == "rect") {
    const double x = at("x"), y = at("y"), w = at("width"), h = at("height");
    if (!(w > 0 && h > 0)) return {};
    return {{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}, {x, y}}};
  }
  if (name == "circle" && at("r") > 0) return {ellipseLine(at("cx"), at("cy"), at("r"), at("r"))};
  if (name == "ellipse" && at("rx") > 0 && at("ry") > 0) {
    return {ellipseLine(at("cx"), at("cy"), at("rx"), at("ry"))};
  }
  return {};
}

class SvgReader {
 public:
  Sketch read(std::string_view text) {
    XmlScanner scanner(text);
    std::vector<Style> open = {Style{}};
    std::size_t passedOver = 0;  // depth inside an element that is not drawn
    for (XmlTag tag; scanner.next(tag);) {
      if (tag.kind == XmlTag::Kind::close) {
        if (passedOver > 0) {
          --passedOver;
        } else {
          open.pop_back();
        }
        continue;
      }
      const bool opens = tag.kind == XmlTag::Kind::open;
      if (!sawRoot_) readRoot(tag);
      if (passedOver > 0 ||
          std::find(kPassedOver.begin(), kPassedOver.end(), tag.name) != kPassedOver.end()) {
        passedOver += opens;
        continue;
      }
      const Style style = inherit(open.back(), tag);
      if (!style.hidden) addShapes(tag, style);
      if (opens) open.push_back(style);
    }
    if (!sawRoot_) fail<InputError>("not an SVG file");
    return finish();
  }

 private:
  void readRoot(const XmlTag& tag) {
    if (tag.name != "svg")
      fail<InputError>("not an SVG file (its root is <{}>)", toValidUtf8(tag.name));
    sawRoot_ = true;
    sketch_.width = length(tag, "width");
    sketch_.height = length(tag, "height");
    const std::string_view box = tag.value("viewbox");
    if (box.empty()) return;
    SvgNumbers numbers(box);
    origin_.x = numbers.number();
    origin_.y = numbers.number();
    sketch_.width = numbers.number();
    sketch_.height = numbers.number();
  }

  void addShapes(const XmlTag& tag, const Style& style) {
    const bool lined = !isNothing(style.stroke), filled = !isNothing(style.fill);
    if (!lined && !filled) return;
    Shape shape;
    shape.stroke.eraser = tag.value("class") == kSvgEraserClass;
    shape.filled = !lined;
    shape.pale = (!lined || isWhite(style.stroke)) && (!filled || isWhite(style.fill));
    for (const SvgLine& line : shapeLines(tag)) {
      points_ += line.size();
      if (points_ > kMostPoints) fail<InputError>("more than {} points", kMostPoints);
      shape.stroke.x.clear();
      shape.stroke.y.clear();
      for (const SvgPoint& point : line) addPoint(shape.stroke, style.matrix, point);
      if (!shape.stroke.x.empty()) shapes_.push_back(shape);
    }
  }

  void addPoint(Stroke& stroke, const SvgMatrix& m, SvgPoint p) const {
    const double x = m.a * p.x + m.c * p.y + m.e - origin_.x;
    const double y = m.b * p.x + m.d * p.y + m.f - origin_.y;
    if (!(std::abs(x) <= kLargestCoordinate && std::abs(y) <= kLargestCoordinate)) {
      fail<InputError>("an absurd coordinate");
    }
    const auto fx = static_cast<float>(x), fy = static_cast<float>(y);
    if (!stroke.x.empty() && stroke.x.back() == fx && stroke.y.back() == fy) return;
    stroke.x.push_back(fx);
    stroke.y.push_back(fy);
  }

  // A filled shape that covers the page is paper.
  bool isPaper(const Shape& shape) const {
    if (!shape.filled || sketch_.width <= 0 || sketch_.height <= 0) return false;
    const InkBounds box = boundsOf({shape.stroke});
    return box.width() >= 0.95 * sketch_.width && box.height() >= 0.95 * sketch_.height;
  }

  // White shapes count only where white is the drawing: on dark paper, or when there is nothing
  // else.
  Sketch finish() {
    bool darkPaper = false;
    std::erase_if(shapes_, [&](const Shape& shape) {
      const bool paper = isPaper(shape) && shapes_.size() > 1;
      darkPaper = darkPaper || (paper && !shape.pale);
      return paper;
    });
    const bool allPale = std::all_of(shapes_.begin(), shapes_.end(), [](const Shape& shape) {
      return shape.pale && !shape.stroke.eraser;
    });
    for (Shape& shape : shapes_) {
      if (!shape.pale || darkPaper || allPale || shape.stroke.eraser) {
        sketch_.strokes.push_back(std::move(shape.stroke));
      }
    }
    return std::move(sketch_);
  }

  Sketch sketch_;
  SvgPoint origin_;
  bool sawRoot_ = false;
  std::size_t points_ = 0;
  std::vector<Shape> shapes_;
};

}  // namespace

Sketch sketchFromSvg(std::string_view text, const std::string& name) {
  try {
    Sketch sketch = SvgReader().read(text);
    sketch.name = name;
    return sketch;
  } catch (const InputError& error) {
    fail<InputError>("{}: {}", name, error.what());
  }
}

}  // namespace inkling
