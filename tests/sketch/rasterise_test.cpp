#include "core/sketch/rasterise.h"

#include <numeric>

#include "tests/sketch/sketch_samples.h"

namespace inkling {
namespace {

using testing::Each;
using testing::HasSubstr;

float at(const std::vector<float>& picture, int size, int x, int y) {
  return picture[static_cast<std::size_t>(y) * size + x];
}

TEST(Rasterise, DrawsAHorizontalLineOfTheGivenWidthInTheMiddle) {
  const auto picture = rasterise(sketchOf({strokeOf({0, 100}, {50, 50})}), {11, 3, 1});
  // The line runs along y = 5.5 from x = 2.5 to 8.5; rows 4, 5, 6 are within its width of three
  // pixels.
  EXPECT_FLOAT_EQ(at(picture, 11, 5, 5), 1);
  EXPECT_FLOAT_EQ(at(picture, 11, 5, 4), 1);
  EXPECT_FLOAT_EQ(at(picture, 11, 5, 6), 1);
  EXPECT_FLOAT_EQ(at(picture, 11, 5, 3), 0);
  EXPECT_FLOAT_EQ(at(picture, 11, 5, 7), 0);
  EXPECT_FLOAT_EQ(at(picture, 11, 0, 5), 0);  // the margin
  EXPECT_FLOAT_EQ(at(picture, 11, 1, 5), 1);  // the round end
}

TEST(Rasterise, LeavesTheMarginFreeAndFillsTheRest) {
  const RasterOptions options{64, 1.5f, 3};
  const auto picture = rasterise(sketchOf({circle(40, 90, 17)}), options);
  double inMargin = 0, beside = 0;
  for (int i = 0; i < 64; ++i) {
    for (int k = 0; k < 2; ++k) inMargin += at(picture, 64, i, k) + at(picture, 64, k, i);
    beside += at(picture, 64, i, 3);
  }
  EXPECT_EQ(inMargin, 0);
  EXPECT_GT(beside, 1);
}

TEST(Rasterise, ValuesAreBetweenPaperAndInk) {
  Random random(3);
  for (int i = 0; i < 50; ++i) {
    EXPECT_THAT(rasterise(randomSketch(random)),
                Each(testing::AllOf(testing::Ge(0.0f), testing::Le(1.0f))));
  }
}

TEST(Rasterise, InkOfALineIsItsLengthTimesItsWidthAtAnyAngle) {
  for (const double angle : {0.1, 0.4, 0.7, 1.2}) {
    const auto dx = static_cast<float>(std::cos(angle)), dy = static_cast<float>(std::sin(angle));
    const Sketch line = sketchOf({strokeOf({0, 100 * dx}, {0, 100 * dy})});
    const RasterOptions options{128, 2, 4};
    const auto picture = rasterise(line, options);
    const double length = 100 * inkFrame(line, options).scale;
    const double ink = std::accumulate(picture.begin(), picture.end(), 0.0);
    EXPECT_NEAR(ink, 2 * length + 3.14, 0.03 * ink) << angle;
  }
}

TEST(Rasterise, LongSlantingLinesHaveNoSeams) {
  const auto picture = rasterise(sketchOf({strokeOf({0, 100}, {0, 100})}), {256, 3, 2});
  for (int i = 10; i < 246; ++i) EXPECT_FLOAT_EQ(at(picture, 256, i, i), 1) << i;
}

TEST(Rasterise, KeepsTheAspect) {
  const InkFrame frame = inkFrame(sketchOf({strokeOf({0, 200}, {0, 100})}), {64, 2, 1});
  EXPECT_DOUBLE_EQ(frame.scale, 0.3);
  EXPECT_DOUBLE_EQ(frame.offsetX, 2);
  EXPECT_DOUBLE_EQ(frame.offsetY, 32 - 50 * 0.3);
}

TEST(Rasterise, AnEmptyPageAndADotAreNoDanger) {
  EXPECT_THAT(rasterise(sketchOf({})), Each(0.0f));
  const auto dot = rasterise(sketchOf({strokeOf({7}, {9})}), {9, 3, 1});
  EXPECT_FLOAT_EQ(at(dot, 9, 4, 4), 1);
  EXPECT_FLOAT_EQ(at(dot, 9, 0, 0), 0);
}

TEST(Rasterise, StrokesTogetherAreTheSketch) {
  Random random(5);
  for (int i = 0; i < 20; ++i) {
    const Sketch sketch = randomSketch(random);
    const InkFrame frame = inkFrame(sketch);
    std::vector<float> united(64 * 64);
    for (std::size_t s = 0; s < sketch.strokes.size(); ++s) {
      const auto alone = rasteriseStroke(sketch, s, frame);
      for (std::size_t k = 0; k < united.size(); ++k) united[k] = std::max(united[k], alone[k]);
    }
    EXPECT_LT(difference(united, rasterise(sketch)).largest, 1e-5);
  }
}

TEST(Rasterise, RefusesOptionsAndStrokesOutOfRange) {
  const Sketch sketch = sketchOf({strokeOf({0, 9}, {0, 9})});
  EXPECT_THROW(rasterise(sketch, {0, 1, 0}), UsageError);
  EXPECT_THROW(rasterise(sketch, {100000, 1, 0}), UsageError);
  EXPECT_THROW(rasterise(sketch, {64, 0, 3}), UsageError);
  EXPECT_THROW(rasterise(sketch, {64, std::nanf(""), 3}), UsageError);
  EXPECT_THROW(rasterise(sketch, {64, 1.5f, 32}), UsageError);
  EXPECT_THAT(messageOf<UsageError>([&] { rasteriseStroke(sketch, 1, {}); }),
              HasSubstr("has no stroke 1"));
}

TEST(RenderPage, ShowsTheWholePage) {
  const InkRaster page = renderPage(sketchOf({strokeOf({0, 50}, {25, 25})}, 100, 50), 200, 4);
  EXPECT_EQ(page.width, 200);
  EXPECT_EQ(page.height, 100);
  EXPECT_EQ(page.ink[50 * 200 + 40], 255);
  EXPECT_EQ(page.ink[50 * 200 + 140], 0);
}

TEST(RenderPage, WithoutAPageShowsTheInk) {
  const InkRaster page = renderPage(sketchOf({strokeOf({-500, -400}, {0, 0})}, 0, 0), 110, 4);
  EXPECT_EQ(page.width, 110);
  EXPECT_EQ(page.ink[static_cast<std::size_t>(page.height / 2) * 110 + 55], 255);
}

}  // namespace
}  // namespace inkling
