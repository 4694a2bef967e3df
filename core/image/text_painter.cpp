#include "core/image/text_painter.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace inkling {
namespace {

constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;
constexpr double kCapital = 21;  // pixels of a capital letter at a font scale of 1
constexpr int kFine = 4;         // drawn this much larger, then shrunk

double fontScale(const TextStyle& style) { return style.height * kFine / kCapital; }

int strokeWidth(const TextStyle& style) {
  return std::max(1, cvRound(style.height * kFine * (style.bold ? 0.17 : 0.115)));
}

// Coverage 0..255 of the letters, with room around the base line start at `origin`.
cv::Mat textMask(const std::string& text, const TextStyle& style, cv::Point& origin) {
  const int stroke = strokeWidth(style);
  int below = 0;
  const cv::Size size = cv::getTextSize(text, kFont, fontScale(style), stroke, &below);
  const int margin = stroke + kFine;
  const auto wholePixels = [](int fine) { return (fine + kFine - 1) / kFine; };
  origin = {wholePixels(margin), wholePixels(size.height + margin)};
  const cv::Size whole(origin.x + wholePixels(size.width + margin),
                       origin.y + wholePixels(below + margin));
  cv::Mat fine(whole * kFine, CV_8UC1, cv::Scalar(0));
  cv::putText(fine, text, origin * kFine, kFont, fontScale(style), cv::Scalar(255), stroke,
              cv::LINE_AA);
  cv::Mat mask;
  cv::resize(fine, mask, whole, 0, 0, cv::INTER_AREA);
  return mask;
}

std::uint8_t mixed(int below, int above, int coverage) {
  return static_cast<std::uint8_t>((below * (255 - coverage) + above * coverage + 127) / 255);
}

void blendMask(cv::Mat& rgb, const cv::Mat& mask, cv::Point topLeft, Rgb colour) {
  const cv::Rect area = cv::Rect(topLeft, mask.size()) & cv::Rect({0, 0}, rgb.size());
  for (int y = area.y; y < area.br().y; ++y) {
    cv::Vec3b* row = rgb.ptr<cv::Vec3b>(y);
    const std::uint8_t* coverage = mask.ptr(y - topLeft.y) - topLeft.x;
    for (int x = area.x; x < area.br().x; ++x) {
      row[x] = {mixed(row[x][0], colour.r, coverage[x]), mixed(row[x][1], colour.g, coverage[x]),
                mixed(row[x][2], colour.b, coverage[x])};
    }
  }
}

}  // namespace

std::string printableAscii(std::string_view text) {
  std::string result;
  std::copy_if(text.begin(), text.end(), std::back_inserter(result),
               [](char c) { return c >= ' ' && c <= '~'; });
  return result;
}

double textWidth(std::string_view text, const TextStyle& style) {
  const cv::Size size =
      cv::getTextSize(printableAscii(text), kFont, fontScale(style), strokeWidth(style), nullptr);
  return static_cast<double>(size.width) / kFine;
}

void drawText(cv::Mat& rgb, std::string_view text, cv::Point2d start, const TextStyle& style) {
  const std::string ascii = printableAscii(text);
  if (ascii.empty()) return;
  cv::Point origin;
  const cv::Mat mask = textMask(ascii, style, origin);
  blendMask(rgb, mask, cv::Point(cvRound(start.x), cvRound(start.y)) - origin, style.colour);
}

void drawTextUpwards(cv::Mat& rgb, std::string_view text, cv::Point2d start,
                     const TextStyle& style) {
  const std::string ascii = printableAscii(text);
  if (ascii.empty()) return;
  cv::Point origin;
  const cv::Mat mask = textMask(ascii, style, origin);
  cv::Mat turned;
  cv::rotate(mask, turned, cv::ROTATE_90_COUNTERCLOCKWISE);
  const cv::Point turnedOrigin(origin.y, mask.cols - origin.x);
  blendMask(rgb, turned, cv::Point(cvRound(start.x), cvRound(start.y)) - turnedOrigin,
            style.colour);
}

void fillArea(cv::Mat& rgb, const cv::Rect& area, Rgb colour, double opacity) {
  const cv::Rect inside = area & cv::Rect({0, 0}, rgb.size());
  if (inside.empty()) return;
  cv::Mat part = rgb(inside);
  const cv::Mat paint(part.size(), CV_8UC3, cv::Scalar(colour.r, colour.g, colour.b));
  cv::addWeighted(paint, opacity, part, 1 - opacity, 0, part);
}

}  // namespace inkling
