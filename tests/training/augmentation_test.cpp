#include <cmath>

#include <gtest/gtest.h>

#include "core/training/stroke_augmentation.h"

namespace inkling {
namespace {

Sketch house() {
  Sketch sketch;
  sketch.name = "house";
  sketch.strokes.push_back({{0, 100, 100, 0, 0}, {0, 0, 80, 80, 0}, {}, {}, false});
  sketch.strokes.push_back({{0, 50, 100}, {0, -40, 0}, {}, {}, false});
  sketch.strokes.push_back({{40, 40, 60, 60}, {80, 50, 50, 80}, {}, {}, false});
  return sketch;
}

TEST(StrokeAugmentation, WithNothingToDoTheDrawingStays) {
  Random random(1);
  const Sketch same = augment(house(), {0, 0, 0, 0, 0, 0}, random);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = 0; k < same.strokes[i].size(); ++k)
      EXPECT_NEAR(same.strokes[i].x[k], house().strokes[i].x[k], 1e-4);
  }
}

TEST(StrokeAugmentation, TheSameSeedGivesTheSameDrawing) {
  Random a(7), b(7), c(8);
  const Sketch first = augment(house(), {}, a), second = augment(house(), {}, b),
               other = augment(house(), {}, c);
  EXPECT_EQ(first.strokes[0].x, second.strokes[0].x);
  EXPECT_NE(first.strokes[0].x, other.strokes[0].x);
}

TEST(StrokeAugmentation, KeepsTheLongestStrokeAndStaysFinite) {
  Random random(3);
  StrokeAugmentation options;
  options.dropStroke = 1;
  for (int round = 0; round < 100; ++round) {
    const Sketch changed = augment(house(), options, random);
    ASSERT_GE(changed.strokes.size(), 2U);
    EXPECT_EQ(changed.strokes[0].size(), 5U);
    for (const Stroke& stroke : changed.strokes) {
      for (const float x : stroke.x) EXPECT_TRUE(std::isfinite(x));
    }
  }
}

TEST(StrokeAugmentation, SimplifyingDropsPointsButNoEnds) {
  Sketch wave;
  wave.name = "wave";
  Stroke line;
  for (int i = 0; i <= 200; ++i) {
    line.x.push_back(static_cast<float>(i));
    line.y.push_back(static_cast<float>(2 * std::sin(i / 5.0)));
  }
  wave.strokes.push_back(line);
  Random random(11);
  const Sketch coarse = augment(wave, {0, 0, 0, 0, 0, 0, 3.0}, random);
  ASSERT_GE(coarse.strokes[0].size(), 2U);
  EXPECT_LT(coarse.strokes[0].size(), 100U);
  EXPECT_NEAR(coarse.strokes[0].x.front(), 0, 1e-4);
  EXPECT_NEAR(coarse.strokes[0].x.back(), 200, 1e-3);
}

}  // namespace
}  // namespace inkling
