#include "core/image/plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <opencv2/imgproc.hpp>

#include "core/base/error.h"
#include "core/image/matrix.h"
#include "core/image/plot_scale.h"
#include "core/image/text_painter.h"

namespace inkling {
namespace {

// Okabe and Ito without the yellow, which is too pale on white.
constexpr std::array<Rgb, 7> kPalette = {{{0, 114, 178},
                                          {213, 94, 0},
                                          {0, 158, 115},
                                          {204, 121, 167},
                                          {230, 159, 0},
                                          {86, 180, 233},
                                          {0, 0, 0}}};
constexpr Rgb kInk = {38, 42, 48};
constexpr Rgb kQuiet = {96, 102, 110};
constexpr Rgb kGrid = {228, 231, 235};
constexpr int kFine = 2;           // the chart is drawn this much larger, then shrunk
constexpr int kShift = 4;          // bits of a fraction of a pixel in OpenCV's coordinates
constexpr int kMarkedPoints = 30;  // lines of up to so many points show them as dots

cv::Scalar scalar(Rgb c) { return {double(c.r), double(c.g), double(c.b)}; }

Rgb seriesColour(std::size_t index) { return kPalette[index % kPalette.size()]; }

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

class Chart {
 public:
  Chart(std::span<const Series> series, Size size, bool logY, bool logX)
      : series_(series),
        logY_(logY),
        logX_(logX),
        canvas_(size.height * kFine, size.width * kFine, CV_8UC3) {
    canvas_.setTo(cv::Scalar::all(255));
    letter_ = std::clamp(std::min(size.width, size.height) / 60.0, 7.0, 24.0) * kFine;
    plain_ = {letter_, kQuiet, false};
    makeAxes();
  }

  Image draw(const std::string& title, const std::string& xLabel, const std::string& yLabel) {
    layOut(title, xLabel, yLabel);
    drawLegend(drawTitle(title));
    drawGrid();
    drawLabels(xLabel, yLabel);
    for (std::size_t i = 0; i < series_.size(); ++i) drawSeries(series_[i], seriesColour(i));
    cv::Mat small;
    cv::resize(canvas_, small, canvas_.size() / kFine, 0, 0, cv::INTER_AREA);
    return imageOf(small);
  }

 private:
  bool drawable(double x, double y) const {
    constexpr double most = 1e290;  // differences of such numbers are still finite
    return std::abs(x) < most && std::abs(y) < most && (!logY_ || y > 1e-290) &&
           (!logX_ || x > 1e-290);
  }

  void makeAxes() {
    Range x, y;
    for (const Series& series : series_) {
      for (std::size_t i = 0; i < series.x.size(); ++i) {
        if (!drawable(series.x[i], series.y[i])) continue;
        x.add(series.x[i]);
        y.add(series.y[i]);
      }
    }
    const int columns = std::clamp(static_cast<int>(canvas_.cols / (letter_ * 10)), 3, 10);
    const int rows = std::clamp(static_cast<int>(canvas_.rows / (letter_ * 8)), 2, 8);
    x_ = logX_ ? logarithmicAxis(x.low, x.high) : linearAxis(x.low, x.high, columns, false);
    y_ = logY_ ? logarithmicAxis(y.low, y.high) : linearAxis(y.low, y.high, rows, true);
  }

  // Where the plotting area lies: what the texts around it leave.
  void layOut(const std::string& title, const std::string& xLabel, const std::string& yLabel) {
    double widest = 0;
    for (const Tick& tick : y_.ticks) widest = std::max(widest, textWidth(tick.label, plain_));
    const double margin = 1.6 * letter_;
    const double left = margin + widest + letter_ + (yLabel.empty() ? 0 : 2.4 * letter_);
    const double right = canvas_.cols - 2 * margin;
    const double bottom =
        canvas_.rows - margin - 2.2 * letter_ - (xLabel.empty() ? 0 : 2.4 * letter_);
    area_ = {left, margin, std::max(1.0, right - left), 0};
    const double top = margin + (title.empty() ? 0 : 3.0 * letter_) + legendRows() * 2.2 * letter_;
    area_.y = top;
    area_.height = std::max(1.0, bottom - top);
  }

  // The places of the legend's entries, row by row from the left edge of the plotting area.
  template <typename Visit>
  int forEachLegendEntry(Visit&& visit) const {
    double x = 0;
    int row = 0;
    bool any = false;
    for (std::size_t i = 0; i < series_.size(); ++i) {
      if (series_[i].name.empty()) continue;
      const double width = textWidth(series_[i].name, plain_) + 5.5 * letter_;
      if (any && x + width > area_.width) x = 0, ++row;
      visit(i, x, row);
      any = true;
      x += width;
    }
    return any ? row + 1 : 0;
  }

  int legendRows() const {
    return forEachLegendEntry([](std::size_t, double, int) {});
  }

  double drawTitle(const std::string& title) {
    const double top = 1.6 * letter_;
    if (title.empty()) return top;
    drawText(canvas_, title, {area_.x, top + 1.3 * letter_}, {1.3 * letter_, kInk, true});
    return top + 3.0 * letter_;
  }

  void drawLegend(double top) {
    forEachLegendEntry([&](std::size_t i, double x, int row) {
      const double base = top + (2.2 * row + 1) * letter_;
      const double left = area_.x + x, middle = base - letter_ / 2;
      line({left, middle}, {left + 2.4 * letter_, middle}, seriesColour(i), 3 * kFine);
      drawText(canvas_, series_[i].name, {left + 3.2 * letter_, base}, {letter_, kInk, false});
    });
  }

  void drawGrid() {
    const double right = area_.x + area_.width, bottom = area_.y + area_.height;
    for (const Tick& tick : y_.ticks) {
      const double y = toCanvas({0, tick.value}).y;
      line({area_.x, y}, {right, y}, kGrid, kFine);
      const double width = textWidth(tick.label, plain_);
      drawText(canvas_, tick.label, {area_.x - letter_ - width, y + letter_ / 2}, plain_);
    }
    line({area_.x, bottom}, {right, bottom}, kQuiet, kFine);
    line({area_.x, area_.y}, {area_.x, bottom}, kQuiet, kFine);
    for (const Tick& tick : x_.ticks) {
      const double x = area_.x + x_.position(tick.value) * area_.width;
      line({x, bottom}, {x, bottom + 0.5 * letter_}, kQuiet, kFine);
      const double width = textWidth(tick.label, plain_);
      drawText(canvas_, tick.label, {x - width / 2, bottom + 2 * letter_}, plain_);
    }
  }

  void drawLabels(const std::string& xLabel, const std::string& yLabel) {
    const TextStyle style{1.05 * letter_, kInk, false};
    const double across = area_.x + (area_.width - textWidth(xLabel, style)) / 2;
    drawText(canvas_, xLabel, {across, canvas_.rows - 1.6 * letter_}, style);
    const double up = area_.y + (area_.height + textWidth(yLabel, style)) / 2;
    drawTextUpwards(canvas_, yLabel, {2.4 * letter_, up}, style);
  }

  // Runs of drawable points; a lone point becomes a dot.
  void drawSeries(const Series& series, Rgb colour) {
    std::vector<cv::Point> run;
    const bool marked = series.x.size() <= kMarkedPoints;
    const auto finish = [&] {
      if (run.size() > 1) {
        cv::polylines(canvas_, run, false, scalar(colour), 2 * kFine + 1, cv::LINE_AA, kShift);
      }
      for (const cv::Point& p : run) {
        if (marked || run.size() == 1) {
          cv::circle(canvas_, p, cvRound(3.4 * kFine * (1 << kShift)), scalar(colour), cv::FILLED,
                     cv::LINE_AA, kShift);
        }
      }
      run.clear();
    };
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      if (drawable(series.x[i], series.y[i])) {
        run.push_back(fixedPoint(toCanvas({series.x[i], series.y[i]})));
      } else {
        finish();
      }
    }
    finish();
  }

  cv::Point2d toCanvas(cv::Point2d value) const {
    return {area_.x + x_.position(value.x) * area_.width,
            area_.y + (1 - y_.position(value.y)) * area_.height};
  }

  static cv::Point fixedPoint(cv::Point2d p) {
    return {cvRound(p.x * (1 << kShift)), cvRound(p.y * (1 << kShift))};
  }

  void line(cv::Point2d from, cv::Point2d to, Rgb colour, int width) {
    cv::line(canvas_, fixedPoint(from), fixedPoint(to), scalar(colour), width, cv::LINE_AA, kShift);
  }

  std::span<const Series> series_;
  bool logY_, logX_;
  cv::Mat canvas_;
  double letter_ = 0;  // height of a capital letter on the canvas; all distances follow it
  TextStyle plain_;
  Axis x_, y_;
  cv::Rect2d area_;
};

}  // namespace

Image linePlot(const std::string& title, const std::string& xLabel, const std::string& yLabel,
               std::span<const Series> series, Size size, bool logY, bool logX) {
  if (size.width < 200 || size.height < 150) {
    fail<UsageError>("a chart of {} x {} pixels is too small to read", size.width, size.height);
  }
  for (const Series& one : series) {
    if (one.x.size() != one.y.size()) {
      fail<UsageError>("the series \"{}\" has {} x values, but {} y values", one.name, one.x.size(),
                       one.y.size());
    }
  }
  return guarded<UsageError>("chart", "cannot be drawn", [&] {
    return Chart(series, size, logY, logX).draw(title, xLabel, yLabel);
  });
}

}  // namespace inkling
