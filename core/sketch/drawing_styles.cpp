#include "core/sketch/drawing_styles.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/base/random.h"
#include "core/sketch/ink_from_picture.h"
#include "core/sketch/png_file.h"
#include "core/sketch/rasterise.h"

namespace inkling {
namespace {

constexpr int kSide = 320;
struct NamedStyle {
  DrawingStyle style;
  const char* name;
};
constexpr std::array kStyles{NamedStyle{DrawingStyle::kAsDrawn, "as drawn"},
                             NamedStyle{DrawingStyle::kPicture, "picture"},
                             NamedStyle{DrawingStyle::kInverted, "inverted"},
                             NamedStyle{DrawingStyle::kThinPen, "thin pen"},
                             NamedStyle{DrawingStyle::kThickPen, "thick pen"},
                             NamedStyle{DrawingStyle::kFilled, "filled"},
                             NamedStyle{DrawingStyle::kPaper, "paper"}};

RasterOptions pageOptions(float lineWidth) {
  RasterOptions options;
  options.size = kSide;
  options.lineWidth = lineWidth;
  options.margin = kSide / 8.0F;
  return options;
}

// The ink on a square page with a free margin: 0 paper .. 1 ink.
std::vector<float> page(const Sketch& sketch, float lineWidth) {
  return rasterise(sketch, pageOptions(lineWidth));
}

// Ink inside the closed outline of a stroke, by the even-odd rule at the centres of pixels.
void fill(const Stroke& stroke, const InkFrame& frame, std::vector<float>& ink) {
  const std::size_t count = stroke.size();
  for (int y = 0; y < kSide; ++y) {
    std::vector<double> crossings;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t j = (i + 1) % count;
      const double ay = stroke.y[i] * frame.scale + frame.offsetY,
                   by = stroke.y[j] * frame.scale + frame.offsetY;
      const double ax = stroke.x[i] * frame.scale + frame.offsetX,
                   bx = stroke.x[j] * frame.scale + frame.offsetX;
      if ((ay > y + 0.5) != (by > y + 0.5))
        crossings.push_back(ax + (y + 0.5 - ay) / (by - ay) * (bx - ax));
    }
    std::sort(crossings.begin(), crossings.end());
    for (std::size_t k = 0; k + 1 < crossings.size(); k += 2) {
      const int from = std::max(0, static_cast<int>(std::ceil(crossings[k] - 0.5)));
      const int to = std::min(kSide - 1, static_cast<int>(std::floor(crossings[k + 1] - 0.5)));
      for (int x = from; x <= to; ++x)
        ink[static_cast<std::size_t>(y) * kSide + static_cast<std::size_t>(x)] = 1;
    }
  }
}

std::vector<float> filledPage(const Sketch& sketch) {
  constexpr float kLineWidth = 3;
  std::vector<float> ink = page(sketch, kLineWidth);
  const InkFrame frame = inkFrame(sketch, pageOptions(kLineWidth));
  for (const Stroke& stroke : inkStrokes(sketch)) fill(stroke, frame, ink);
  return ink;
}

float sample(const std::vector<float>& ink, double x, double y) {
  const int x0 = static_cast<int>(std::floor(x)), y0 = static_cast<int>(std::floor(y));
  const auto at = [&](int column, int row) {
    const bool inside = column >= 0 && column < kSide && row >= 0 && row < kSide;
    return inside ? ink[static_cast<std::size_t>(row) * kSide + static_cast<std::size_t>(column)]
                  : 0.0F;
  };
  const auto fx = static_cast<float>(x - x0), fy = static_cast<float>(y - y0);
  return (at(x0, y0) * (1 - fx) + at(x0 + 1, y0) * fx) * (1 - fy) +
         (at(x0, y0 + 1) * (1 - fx) + at(x0 + 1, y0 + 1) * fx) * fy;
}

// A pencil drawing on paper as a telephone's camera takes it.
std::vector<float> paperPhoto(const Sketch& sketch, Random& random) {
  const std::vector<float> ink = page(sketch, static_cast<float>(random.uniform(2, 5)));
  const double angle = random.uniform(-8, 8) * std::numbers::pi / 180,
               squeeze = random.uniform(0.92, 1.0);
  const double lightAngle = random.uniform(0, 2 * std::numbers::pi),
               fall = random.uniform(0.15, 0.4);
  const double shadowAngle = random.uniform(0, 2 * std::numbers::pi),
               shadow = random.uniform(0.55, 0.8);
  const double shadowAt = random.uniform(-0.2, 0.35), blur = random.uniform(0.4, 0.9),
               pencil = random.uniform(0.45, 0.75);
  std::vector<float> grey(ink.size());
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const double u = (x + 0.5) / kSide - 0.5, v = (y + 0.5) / kSide - 0.5;
      const double px = (std::cos(angle) * u + std::sin(angle) * v + 0.5) * kSide - 0.5;
      const double py =
          ((-std::sin(angle) * u + std::cos(angle) * v) / squeeze + 0.5) * kSide - 0.5;
      double covered = 0;
      for (const auto& [dx, dy] : {std::pair{-blur, 0.0}, {blur, 0.0}, {0.0, -blur}, {0.0, blur}})
        covered += sample(ink, px + dx, py + dy) / 4;
      const double slope =
          1 - fall * (std::cos(lightAngle) * u + std::sin(lightAngle) * v + 0.7) / 1.4;
      const double edge =
          (std::cos(shadowAngle) * u + std::sin(shadowAngle) * v - shadowAt) * kSide / 6;
      const double light = slope * (1 - (1 - shadow) / (1 + std::exp(-edge)));
      const double value = 235 * light * (1 - pencil * covered) + 3 * random.normal();
      grey[static_cast<std::size_t>(y) * kSide + static_cast<std::size_t>(x)] =
          static_cast<float>(value);
    }
  }
  return grey;
}

Sketch readBack(const std::vector<float>& grey, const std::string& name) {
  GreyPicture picture{kSide, kSide, {}, std::vector<std::uint8_t>(grey.size(), 255)};
  for (const float value : grey)
    picture.grey.push_back(static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L)));
  Sketch sketch = sketchFromPicture(picture, name);
  validate(sketch);
  return sketch;
}

}  // namespace

const std::vector<DrawingStyle>& allDrawingStyles() {
  static const std::vector<DrawingStyle> styles = [] {
    std::vector<DrawingStyle> all;
    for (const NamedStyle& named : kStyles) all.push_back(named.style);
    return all;
  }();
  return styles;
}

std::string nameOf(DrawingStyle style) {
  const auto isIt = [&](const NamedStyle& named) { return named.style == style; };
  return std::find_if(kStyles.begin(), kStyles.end(), isIt)->name;
}

Sketch restyled(const Sketch& sketch, DrawingStyle style, std::uint64_t seed) {
  if (style == DrawingStyle::kAsDrawn) return sketch;
  Random random(seed);
  std::vector<float> values;
  switch (style) {
    case DrawingStyle::kThinPen:
      values = page(sketch, 1);
      break;
    case DrawingStyle::kThickPen:
      values = page(sketch, kSide / 24.0F);
      break;
    case DrawingStyle::kFilled:
      values = filledPage(sketch);
      break;
    case DrawingStyle::kPaper:
      return readBack(paperPhoto(sketch, random), sketch.name);
    default:
      values = page(sketch, 4);
      break;
  }
  const bool inverted = style == DrawingStyle::kInverted;
  for (float& value : values) value = inverted ? 255 * value : 255 * (1 - value);
  return readBack(values, sketch.name);
}

}  // namespace inkling
