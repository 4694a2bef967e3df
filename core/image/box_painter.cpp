#include "core/image/box_painter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "core/image/text_painter.h"

namespace inkling {
namespace {

constexpr Rgb kDark = {20, 20, 24};
constexpr Rgb kWhite = {255, 255, 255};
constexpr double kMostCovered = 1.0 / 3;  // of the picture, by plates
constexpr double kLeastLetters = 8;       // pixels of a capital

// Measures of a drawing that fit a photo of this size.
struct BoxStyle {
  Rgb colour;
  int line = 2;
  int halo = 1;
  TextStyle text;
};

// Relative luminance, 0..1, as the Web Content Accessibility Guidelines 2.1 define it.
double luminance(Rgb colour) {
  const auto linear = [](std::uint8_t value) {
    const double v = value / 255.0;
    return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(colour.r) + 0.7152 * linear(colour.g) + 0.0722 * linear(colour.b);
}

// Dark or white, whichever stands out more: at 0.179 both have the same contrast.
Rgb letterColour(Rgb plate) { return luminance(plate) > 0.179 ? kDark : kWhite; }

BoxStyle boxStyle(Size photo, Rgb colour, bool strong) {
  const double side = std::min(photo.width, photo.height);
  BoxStyle style;
  style.colour = colour;
  style.line = std::max(strong ? 2 : 1, static_cast<int>(std::lround(side / (strong ? 150 : 200))));
  style.halo = std::max(1, static_cast<int>(std::lround(side / 700)));
  style.text = {std::max(kLeastLetters, side * (strong ? 0.026 : 0.021)), letterColour(colour),
                strong};
  return style;
}

void drawBand(cv::Mat& rgb, const cv::Rect& outer, int line, Rgb colour, double opacity) {
  const int side = std::max(0, outer.height - 2 * line);
  fillArea(rgb, {outer.x, outer.y, outer.width, line}, colour, opacity);
  fillArea(rgb, {outer.x, outer.br().y - line, outer.width, line}, colour, opacity);
  fillArea(rgb, {outer.x, outer.y + line, line, side}, colour, opacity);
  fillArea(rgb, {outer.br().x - line, outer.y + line, line, side}, colour, opacity);
}

cv::Rect grown(const cv::Rect& rect, int by) {
  return {rect.x - by, rect.y - by, rect.width + 2 * by, rect.height + 2 * by};
}

void drawFrame(cv::Mat& rgb, const cv::Rect& rect, const BoxStyle& style) {
  // A dark rim on both sides keeps the line visible on a background of its own colour.
  drawBand(rgb, grown(rect, style.halo), style.line + 2 * style.halo, kDark, 0.55);
  drawBand(rgb, rect, style.line, style.colour, 1);
}

// Around the letters; tight where they are as small as letters can be, as the photo is small too.
int paddingOf(const BoxStyle& style) {
  return cvCeil(style.text.height * (style.text.height > kLeastLetters ? 0.55 : 0.3));
}

cv::Size plateSize(const std::string& text, const BoxStyle& style) {
  const int padding = paddingOf(style);
  return {cvCeil(textWidth(text, style.text)) + 2 * padding,
          cvCeil(style.text.height) + 2 * padding};
}

// The label, shortened until the plate is no wider than `width`, and the score; empty where not
// even the score has room.
std::string plateText(std::string label, double score, const BoxStyle& style, int width) {
  const double known = std::isfinite(score) ? std::clamp(score, 0.0, 1.0) : 0.0;
  const std::string percent = fmt::format("{:.0f}%", 100 * known);
  const auto fits = [&](const std::string& text) { return plateSize(text, style).width <= width; };
  std::string text = label.empty() ? percent : label + " " + percent;
  while (!label.empty() && !fits(text)) {
    label.pop_back();
    text = label.empty() ? percent : label + ".. " + percent;
  }
  return fits(text) ? text : std::string();
}

// Above the box if there is room, else inside of it, else below; never outside of the photo. Empty
// where the plate would hide another one wherever it is: both could not be read.
cv::Rect plateArea(const cv::Rect& box, cv::Size plate, cv::Size photo,
                   const std::vector<cv::Rect>& taken) {
  const auto inPhoto = [&](cv::Point at) {
    return cv::Rect({std::clamp(at.x, 0, photo.width - plate.width),
                     std::clamp(at.y, 0, photo.height - plate.height)},
                    plate);
  };
  const int right = box.br().x - plate.width, bottom = box.br().y - plate.height;
  const std::array<cv::Point, 8> places = {{{box.x, box.y - plate.height},
                                            {box.x, box.y},
                                            {right, box.y - plate.height},
                                            {right, box.y},
                                            {box.x, box.br().y},
                                            {box.x, bottom},
                                            {right, box.br().y},
                                            {right, bottom}}};
  for (const cv::Point place : places) {
    const cv::Rect area = inPhoto(place);
    const bool hides = std::any_of(taken.begin(), taken.end(),
                                   [&](const cv::Rect& other) { return !(area & other).empty(); });
    if (area.y == place.y && !hides) return area;
  }
  return {};
}

struct Drawing {
  cv::Rect box, plate;
  BoxStyle style;
  std::string text;
};

// `box` lies in the photo; a thin one at its border keeps a pixel inside.
cv::Rect pixelsOf(const Box& box, cv::Size photo) {
  const cv::Point topLeft(std::min(cvRound(box.x), photo.width - 1),
                          std::min(cvRound(box.y), photo.height - 1));
  return {topLeft.x, topLeft.y, std::max(1, cvRound(box.right()) - topLeft.x),
          std::max(1, cvRound(box.bottom()) - topLeft.y)};
}

std::vector<Drawing> arranged(cv::Size photo, std::span<const PaintedBox> boxes) {
  const Size size{photo.width, photo.height};
  std::vector<Drawing> drawings;
  std::vector<cv::Rect> taken;
  const double most = kMostCovered * photo.width * photo.height;
  double covered = 0;
  for (const PaintedBox& painted : boxes) {
    const Box box = clip(painted.scored.box, size);
    if (box.empty()) continue;
    Drawing drawing{pixelsOf(box, photo), {}, boxStyle(size, painted.colour, painted.strong), {}};
    drawing.text = plateText(painted.label, painted.scored.score, drawing.style, photo.width);
    const cv::Size plate = plateSize(drawing.text, drawing.style);
    const bool hasRoom = !drawing.text.empty() && plate.height <= photo.height;
    if (hasRoom && covered + plate.area() <= most)
      drawing.plate = plateArea(drawing.box, plate, photo, taken);
    if (!drawing.plate.empty()) {
      taken.push_back(drawing.plate);
      covered += plate.area();
    }
    drawings.push_back(std::move(drawing));
  }
  return drawings;
}

}  // namespace

void paintBoxes(cv::Mat& rgb, std::span<const PaintedBox> boxes) {
  const std::vector<Drawing> drawings = arranged(rgb.size(), boxes);
  for (auto it = drawings.rbegin(); it != drawings.rend(); ++it) drawFrame(rgb, it->box, it->style);
  for (auto it = drawings.rbegin(); it != drawings.rend(); ++it) {
    if (it->plate.empty()) continue;
    const int padding = paddingOf(it->style);
    fillArea(rgb, it->plate, it->style.colour);
    drawText(rgb, it->text,
             cv::Point2d(it->plate.x + padding, it->plate.y + padding + it->style.text.height),
             it->style.text);
  }
}

}  // namespace inkling
