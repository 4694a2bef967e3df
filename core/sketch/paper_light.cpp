#include "core/sketch/paper_light.h"

#include <algorithm>
#include <cstddef>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace inkling {
namespace {

constexpr int kUneven = 24, kSegments = 8;
constexpr double kThickestLine = 0.05;
// Differences from the paper below this are noise.
constexpr int kNoise = 20;
// Paper that is darker than this is taken for this dark: noise must not be blown up to ink.
constexpr double kDarkestPaper = 24;

std::uint8_t median(std::vector<std::uint8_t>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

cv::Mat asMat(const GreyPage& page) {
  return {page.height, page.width, CV_8U, const_cast<std::uint8_t*>(page.values.data())};
}

// How much a page loses by filling its dark (closing) or its light (opening) lines.
double linesFilled(const cv::Mat& page, const cv::Mat& filled) {
  cv::Mat difference;
  cv::absdiff(page, filled, difference);
  cv::threshold(difference, difference, kNoise, 0, cv::THRESH_TOZERO);
  return cv::sum(difference)[0];
}

}  // namespace

bool isUnevenlyLit(const GreyPage& page) {
  // Paper along the margin, a strip of 3 % of the page wide, in segments on each side.
  const int strip = std::max(1, std::min(page.width, page.height) * 3 / 100);
  std::uint8_t darkest = 255, brightest = 0;
  const auto look = [&](int left, int top, int right, int bottom) {
    std::vector<std::uint8_t> values;
    for (int y = top; y < bottom; ++y) {
      for (int x = left; x < right; ++x)
        values.push_back(page.values[static_cast<std::size_t>(y) * page.width + x]);
    }
    if (values.empty()) return;
    const std::uint8_t paper = median(values);
    darkest = std::min(darkest, paper);
    brightest = std::max(brightest, paper);
  };
  for (int i = 0; i < kSegments; ++i) {
    const int left = page.width * i / kSegments, right = page.width * (i + 1) / kSegments;
    const int top = page.height * i / kSegments, bottom = page.height * (i + 1) / kSegments;
    look(left, 0, right, strip);
    look(left, page.height - strip, right, page.height);
    look(0, top, strip, bottom);
    look(page.width - strip, top, page.width, bottom);
  }
  return brightest - darkest > kUneven;
}

GreyPage evenlyLit(const GreyPage& page) {
  cv::Mat smooth;
  cv::GaussianBlur(asMat(page), smooth, {3, 3}, 0);
  const int side =
      std::max(3, static_cast<int>(kThickestLine * std::max(page.width, page.height)) | 1);
  const cv::Mat brush = cv::getStructuringElement(cv::MORPH_ELLIPSE, {side, side});
  cv::Mat closed, opened;
  cv::morphologyEx(smooth, closed, cv::MORPH_CLOSE, brush);
  cv::morphologyEx(smooth, opened, cv::MORPH_OPEN, brush);
  if (linesFilled(smooth, opened) > linesFilled(smooth, closed)) {
    smooth = 255 - smooth;
    closed = 255 - opened;
  }
  cv::Mat paper, ratio;
  closed.convertTo(paper, CV_32F);
  cv::max(paper, kDarkestPaper, paper);
  smooth.convertTo(ratio, CV_32F);
  ratio = 255 * ratio / paper;
  GreyPage result{page.width, page.height, std::vector<std::uint8_t>(page.values.size())};
  cv::Mat out = asMat(result);
  ratio.convertTo(out, CV_8U);
  return result;
}

}  // namespace inkling
