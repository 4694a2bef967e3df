// Smooth text on pictures. Internal to core/image.
//
// OpenCV's Hershey letters are line drawings, uneven when small. They are drawn several times as
// large here and shrunk, which gives even strokes at any size and position. They know ASCII only.
#pragma once

#include <string>
#include <string_view>

#include <opencv2/core.hpp>

#include "core/image/image.h"

namespace inkling {

struct TextStyle {
  double height = 12;  ///< of a capital letter, in pixels
  Rgb colour;
  bool bold = false;
};

/// The printable ASCII characters of `text`.
std::string printableAscii(std::string_view text);

/// How wide `text` is drawn, in pixels; letters reach about a third of the height below the base
/// line.
double textWidth(std::string_view text, const TextStyle& style);

/// Draws `text` with its base line starting at `start`, to the right. What lies outside of the
/// picture is not drawn.
void drawText(cv::Mat& rgb, std::string_view text, cv::Point2d start, const TextStyle& style);

/// The same, upwards: the text is turned by a quarter to the left.
void drawTextUpwards(cv::Mat& rgb, std::string_view text, cv::Point2d start,
                     const TextStyle& style);

/// Mixes `colour` into the part of the picture inside `area`, by `opacity` 0..1.
void fillArea(cv::Mat& rgb, const cv::Rect& area, Rgb colour, double opacity = 1);

}  // namespace inkling
