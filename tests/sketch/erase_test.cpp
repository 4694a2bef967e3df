#include <algorithm>

#include "core/sketch/rasterise.h"
#include "core/sketch/simplify.h"
#include "tests/sketch/sketch_samples.h"

namespace inkling {
namespace {

// On a page of 250 units the eraser is 10 wide.
Sketch page(std::vector<Stroke> strokes) { return sketchOf(std::move(strokes), 250, 250); }

TEST(Erase, CutsALineInTwo) {
  const auto ink =
      inkStrokes(page({strokeOf({0, 100}, {50, 50}), strokeOf({50, 50}, {0, 100}, true)}));
  ASSERT_EQ(ink.size(), 2u);
  EXPECT_FLOAT_EQ(ink[0].x.front(), 0);
  EXPECT_NEAR(ink[0].x.back(), 45, 0.5);
  EXPECT_NEAR(ink[1].x.front(), 55, 0.5);
  EXPECT_FLOAT_EQ(ink[1].x.back(), 100);
}

TEST(Erase, LeavesWhatIsDrawnLater) {
  const auto ink =
      inkStrokes(page({strokeOf({0, 100}, {50, 50}), strokeOf({0, 100}, {50, 50}, true),
                       strokeOf({0, 100}, {51, 51})}));
  ASSERT_EQ(ink.size(), 1u);
  EXPECT_EQ(ink[0].y, (std::vector<float>{51, 51}));
}

TEST(Erase, LeavesWhatIsFarAwayUntouched) {
  const Stroke far = circle(200, 200, 20);
  const auto ink = inkStrokes(page({far, strokeOf({0, 100}, {50, 50}, true)}));
  ASSERT_EQ(ink.size(), 1u);
  EXPECT_EQ(ink[0].x, far.x);
}

TEST(Erase, ADotOfTheEraserMakesAHole) {
  const auto ink = inkStrokes(page({strokeOf({0, 100}, {50, 50}), strokeOf({30}, {50}, true)}));
  ASSERT_EQ(ink.size(), 2u);
  EXPECT_NEAR(arcLength(ink[0]) + arcLength(ink[1]), 90, 1);
}

TEST(Erase, InterpolatesTimesAndPressures) {
  Sketch sketch = page({strokeOf({0, 100}, {50, 50}), strokeOf({50, 50}, {0, 100}, true)});
  sketch.strokes[0].t = {0, 1000};
  sketch.strokes[0].pressure = {0, 1};
  const auto ink = inkStrokes(sketch);
  ASSERT_EQ(ink.size(), 2u);
  EXPECT_NEAR(ink[1].t.front(), 550, 5);
  EXPECT_NEAR(ink[1].pressure.front(), 0.55, 0.005);
  EXPECT_EQ(ink[1].t.size(), ink[1].size());
}

TEST(Erase, TheFrameIsThatOfTheInkThatIsLeft) {
  const Stroke drawing = circle(60, 60, 30), slip = strokeOf({200, 220}, {200, 220});
  const Sketch clean = page({drawing});
  const Sketch erased = page({slip, strokeOf({190, 230}, {190, 230}, true), drawing});
  EXPECT_EQ(rasterise(erased), rasterise(clean));
}

TEST(Erase, EverythingErasedIsNoInk) {
  const Sketch sketch = page({strokeOf({10, 90}, {50, 50}), strokeOf({0, 100}, {50, 50}, true)});
  EXPECT_FALSE(hasInk(sketch));
  EXPECT_EQ(messageOf([&] { validate(sketch); }), "a sketch: no ink is left in the sketch");
}

TEST(Erase, AnEraserStrokeDrawsNothing) {
  const Sketch sketch = page({strokeOf({0, 200}, {20, 20}), strokeOf({50, 50}, {100, 200}, true)});
  EXPECT_THAT(rasteriseStroke(sketch, 1, inkFrame(sketch)), testing::Each(0.0f));
}

}  // namespace
}  // namespace inkling
