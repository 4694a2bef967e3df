#include "core/image/overlay.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <opencv2/imgproc.hpp>

#include "core/base/error.h"
#include "core/image/box_painter.h"
#include "core/image/matrix.h"
#include "core/image/resize.h"
#include "core/image/text_painter.h"

namespace inkling {
namespace {

constexpr Rgb kOther = {86, 180, 233};
constexpr Rgb kDark = {20, 20, 24};
constexpr Rgb kWhite = {255, 255, 255};

// First colours that people with any colour vision tell apart, after M. Okabe and K. Ito, "Color
// Universal Design" (2008), the first one stronger; then what lies between them.
constexpr std::array<Rgb, 14> kColours = {{{255, 92, 43},
                                           {86, 180, 233},
                                           {0, 158, 115},
                                           {240, 228, 66},
                                           {204, 121, 167},
                                           {0, 114, 178},
                                           {230, 159, 0},
                                           {120, 220, 60},
                                           {138, 80, 240},
                                           {255, 40, 140},
                                           {150, 90, 40},
                                           {190, 190, 190},
                                           {130, 10, 30},
                                           {0, 90, 90}}};

cv::Rect grown(const cv::Rect& rect, int by) {
  return {rect.x - by, rect.y - by, rect.width + 2 * by, rect.height + 2 * by};
}

void requireGrid(const HeatMap& map) {
  if (map.width <= 0 || map.height <= 0 ||
      map.values.size() !=
          static_cast<std::size_t>(map.width) * static_cast<std::size_t>(map.height)) {
    fail<UsageError>("a heat map of {} x {} cannot hold {} values", map.width, map.height,
                     map.values.size());
  }
}

cv::Mat enlarged(HeatMap map, Size size) {
  const cv::Mat grid(map.height, map.width, CV_32FC1, map.values.data());
  cv::Mat smooth;
  const bool shrinks = size.width < map.width && size.height < map.height;
  cv::resize(grid, smooth, {size.width, size.height}, 0, 0,
             shrinks ? cv::INTER_AREA : cv::INTER_CUBIC);
  return smooth;
}

}  // namespace

HeatMap normalised(const HeatMap& map) {
  requireGrid(map);
  float low = std::numeric_limits<float>::infinity();
  float high = -low;
  for (const float value : map.values) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  HeatMap result{map.width, map.height, std::vector<float>(map.values.size(), 0.0F)};
  const double range = static_cast<double>(high) - low;
  if (!(range > 0)) return result;
  for (std::size_t i = 0; i < map.values.size(); ++i) {
    const float value = map.values[i];
    if (std::isfinite(value)) {
      result.values[i] = static_cast<float>((static_cast<double>(value) - low) / range);
    }
  }
  return result;
}

Image colouredMap(const HeatMap& map, Size size, ColourMap colours) {
  if (size.width <= 0 || size.height <= 0)
    fail<UsageError>("a heat map cannot be drawn {} x {} pixels large", size.width, size.height);
  HeatMap unit = normalised(map);
  return guarded<UsageError>("heat map", "cannot be drawn", [&] {
    const cv::Mat heat = enlarged(std::move(unit), size);
    Image result(size);
    std::uint8_t* pixel = result.rgb.data();
    for (int y = 0; y < size.height; ++y) {
      const float* row = heat.ptr<float>(y);
      for (int x = 0; x < size.width; ++x, pixel += 3) {
        const Rgb shade = colour(colours, row[x]);
        pixel[0] = shade.r;
        pixel[1] = shade.g;
        pixel[2] = shade.b;
      }
    }
    return result;
  });
}

Image blendHeatMap(const Image& photo, const HeatMap& map, ColourMap colours, double opacity) {
  requirePixels(photo, "draw a heat map on");
  if (!(opacity >= 0 && opacity <= 1)) fail<UsageError>("the opacity {} is not in 0..1", opacity);
  Image result = colouredMap(map, photo.size(), colours);
  for (std::size_t i = 0; i < result.rgb.size(); ++i) {
    const int below = photo.rgb[i], above = result.rgb[i];
    result.rgb[i] = static_cast<std::uint8_t>(std::lround(below + (above - below) * opacity));
  }
  return result;
}

void drawBoxes(Image& photo, std::span<const ScoredBox> boxes, std::string_view label) {
  requirePixels(photo, "draw boxes on");
  cv::Mat rgb = matrixOf(photo);
  const std::string ascii = printableAscii(label);
  std::vector<PaintedBox> painted;
  for (const ScoredBox& box : boxes) {
    const bool best = painted.empty();
    painted.push_back({box, best ? kColours.front() : kOther, best, ascii});
  }
  paintBoxes(rgb, painted);
}

Rgb groupColour(std::size_t group) {
  if (group < kColours.size()) return kColours[group];
  // Hues by the golden angle lie far apart, however many there are.
  const double hue = 6 * std::fmod(0.618034 * static_cast<double>(group), 1.0);
  const auto channel = [&](double shift) {
    const double k = std::fmod(hue + shift, 6.0);
    return static_cast<std::uint8_t>(
        std::lround(50 + 140 * std::clamp(2 - std::abs(k - 3), 0.0, 1.0)));
  };
  return {channel(3), channel(1), channel(5)};
}

void drawBoxGroups(Image& photo, std::span<const BoxGroup> groups) {
  requirePixels(photo, "draw boxes on");
  cv::Mat rgb = matrixOf(photo);
  std::vector<PaintedBox> painted;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const std::string ascii = printableAscii(groups[g].label);
    for (const ScoredBox& box : groups[g].boxes) {
      painted.push_back({box, groupColour(g), &box == groups[g].boxes.data(), ascii});
    }
  }
  std::stable_sort(painted.begin(), painted.end(), [](const PaintedBox& a, const PaintedBox& b) {
    return a.strong != b.strong ? a.strong : a.scored.score > b.scored.score;
  });
  paintBoxes(rgb, painted);
}

Image sideBySide(std::span<const Image> pictures, int gap) {
  if (pictures.empty() || gap < 0) fail<UsageError>("there is no picture to put side by side");
  for (const Image& picture : pictures) requirePixels(picture, "join");
  const int height = pictures.front().height;
  std::vector<Image> row;
  int width = gap * (static_cast<int>(pictures.size()) - 1);
  for (const Image& picture : pictures) {
    const double scaled = static_cast<double>(picture.width) * height / picture.height;
    row.push_back(resize(picture, {std::max(1, cvRound(scaled)), height}));
    width += row.back().width;
  }
  Image joined({width, height});
  cv::Mat canvas = matrixOf(joined);
  int x = 0;
  for (const Image& picture : row) {
    matrixOf(picture).copyTo(canvas(cv::Rect(x, 0, picture.width, height)));
    x += picture.width + gap;
  }
  return joined;
}

void drawInset(Image& photo, const Image& sketch) {
  requirePixels(photo, "draw on");
  requirePixels(sketch, "draw");
  const int side = std::min(photo.width, photo.height);
  const int margin = side / 40;
  const int rim = std::max(1, side / 400);
  const int padding = side / 80;
  const int room = side / 4 - 2 * padding;
  if (room < 1) return;  // a photo of a few pixels has no corner to spare
  const double scale =
      std::min(static_cast<double>(room) / sketch.width, static_cast<double>(room) / sketch.height);
  const Size size{std::max(1, static_cast<int>(sketch.width * scale)),
                  std::max(1, static_cast<int>(sketch.height * scale))};
  const Image small = resize(sketch, size);

  cv::Mat rgb = matrixOf(photo);
  const cv::Rect ink(photo.width - margin - padding - size.width,
                     photo.height - margin - padding - size.height, size.width, size.height);
  fillArea(rgb, grown(ink, padding + rim), kDark, 0.6);
  fillArea(rgb, grown(ink, padding), kWhite);
  matrixOf(small).copyTo(rgb(ink));
}

}  // namespace inkling
