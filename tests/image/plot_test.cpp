#include "core/image/plot.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/image/plot_scale.h"
#include "photo_fixtures.h"

namespace inkling {
namespace {

using testing::ElementsAre;

std::vector<std::string> labels(const Axis& axis) {
  std::vector<std::string> result;
  for (const Tick& tick : axis.ticks) result.push_back(tick.label);
  return result;
}

int pixelsNear(const Image& image, Rgb wanted) {
  int count = 0;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const Rgb c = image.at(x, y);
      count += std::abs(c.r - wanted.r) + std::abs(c.g - wanted.g) + std::abs(c.b - wanted.b) < 12;
    }
  }
  return count;
}

constexpr Rgb kBlue = {0, 114, 178};
constexpr Rgb kVermilion = {213, 94, 0};

TEST(PlotScale, TicksAreRoundNumbers) {
  EXPECT_THAT(labels(linearAxis(0, 1, 5, true)),
              ElementsAre("0.0", "0.2", "0.4", "0.6", "0.8", "1.0"));
  EXPECT_THAT(labels(linearAxis(-3, 12, 4, true)), ElementsAre("-5", "0", "5", "10", "15"));
  EXPECT_THAT(labels(linearAxis(0, 20000, 4, true)), ElementsAre("0", "5k", "10k", "15k", "20k"));
  EXPECT_THAT(labels(linearAxis(0, 2.4e6, 5, true)),
              ElementsAre("0.0", "0.5M", "1.0M", "1.5M", "2.0M", "2.5M"));
}

TEST(PlotScale, RangesMayBeTightOrRound) {
  const Axis tight = linearAxis(0.13, 0.97, 5, false);
  EXPECT_EQ(tight.low, 0.13);
  EXPECT_EQ(tight.high, 0.97);
  EXPECT_THAT(labels(tight), ElementsAre("0.2", "0.4", "0.6", "0.8"));
  const Axis round = linearAxis(0.13, 0.97, 5, true);
  EXPECT_DOUBLE_EQ(round.low, 0);
  EXPECT_DOUBLE_EQ(round.high, 1);
}

TEST(PlotScale, AnyRangeHasAFewTicksInside) {
  for (const double low : {-1e12, -3.7, 0.0, 1e-9, 5.0, 123456.0}) {
    for (const double width : {0.0, 1e-6, 0.3, 7.0, 9e8}) {
      const Axis axis = linearAxis(low, low + width, 6, true);
      EXPECT_GE(axis.ticks.size(), 2U) << low << " " << width;
      EXPECT_LE(axis.ticks.size(), 12U);
      const double invisible = 1e-5 * (axis.high - axis.low);
      EXPECT_LE(axis.low, low + invisible);
      EXPECT_GE(axis.high, low + width - invisible);
      EXPECT_LT(axis.low, axis.high);
    }
  }
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(linearAxis(nan, nan, 5, true).high, 1);
}

TEST(PlotScale, LogarithmicTicksArePowersOfTen) {
  EXPECT_THAT(labels(logarithmicAxis(0.002, 30)),
              ElementsAre("0.001", "0.01", "0.1", "1", "10", "100"));
  EXPECT_THAT(labels(logarithmicAxis(1, 9)), ElementsAre("1", "2", "5", "10"));
  EXPECT_THAT(labels(logarithmicAxis(0.15, 1.9)), ElementsAre("0.1", "0.2", "0.5", "1", "2"));
  EXPECT_LE(logarithmicAxis(1e-200, 1e200).ticks.size(), 12U);
  EXPECT_DOUBLE_EQ(logarithmicAxis(0.01, 100).position(1), 0.5);
}

TEST(Plot, DrawsEverySeriesInItsColour) {
  const std::vector<Series> series = {{"train", {0, 1, 2, 3}, {1, 0.5, 0.3, 0.2}},
                                      {"validation", {0, 1, 2, 3}, {1.1, 0.7, 0.6, 0.55}}};
  const Image chart = linePlot("Loss", "epoch", "loss", series);
  EXPECT_EQ(chart.size(), (Size{1000, 600}));
  EXPECT_EQ(chart.at(0, 0), (Rgb{255, 255, 255}));
  EXPECT_GT(pixelsNear(chart, kBlue), 1000);
  EXPECT_GT(pixelsNear(chart, kVermilion), 1000);
  EXPECT_EQ(linePlot("Loss", "epoch", "loss", series), chart) << "the same every time";
}

TEST(Plot, AFallingSeriesFallsOnThePicture) {
  const std::vector<Series> series = {{"", {0, 1}, {10, 0}}};
  const Image chart = linePlot("", "", "", series, {400, 300});
  const auto heightOfInk = [&](int x) {
    double sum = 0, count = 0;
    for (int y = 0; y < chart.height; ++y) {
      const Rgb c = chart.at(x, y);
      if (c.b > c.r + 80) sum += y, ++count;
    }
    return count > 0 ? sum / count : -1;
  };
  EXPECT_GT(heightOfInk(120), 0);
  EXPECT_LT(heightOfInk(120), heightOfInk(200));
  EXPECT_LT(heightOfInk(200), heightOfInk(300));
}

TEST(Plot, HardInputsGiveAChart) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  const std::vector<std::vector<Series>> inputs = {
      {},
      {{"nothing", {}, {}}},
      {{"one point", {3}, {4}}},
      {{"constant", {0, 1, 2}, {5, 5, 5}}},
      {{"holes", {0, 1, 2, 3, 4}, {1, nan, 2, inf, 3}}},
      {{"huge", {-1e308, 1e308}, {1e308, -1e308}}},
      {{"zeros", {0, 0, 0}, {0, 0, 0}}},
      {{"负 \xFF", {0, 1}, {-1, -2}}},
      std::vector<Series>(20, {"one of many long names", {0, 1}, {0, 1}})};
  for (const auto& series : inputs) {
    for (const bool logY : {false, true}) {
      for (const Size size : {Size{200, 150}, {640, 360}}) {
        EXPECT_EQ(linePlot("A title", "x", "y", series, size, logY).size(), size);
      }
    }
  }
}

TEST(Plot, ALonePointIsADot) {
  const Image chart = linePlot("", "", "", std::vector<Series>{{"", {1}, {1}}});
  EXPECT_GT(pixelsNear(chart, kBlue), 15);
}

TEST(Plot, RefusesWhatMakesNoSense) {
  EXPECT_THROW(linePlot("", "", "", std::vector<Series>{{"a", {1, 2}, {1}}}), UsageError);
  EXPECT_THROW(linePlot("", "", "", {}, {100, 100}), UsageError);
}

}  // namespace
}  // namespace inkling
