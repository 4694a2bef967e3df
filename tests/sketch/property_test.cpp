// What holds for every sketch.
#include <algorithm>

#include "core/sketch/rasterise.h"
#include "core/sketch/reader.h"
#include "core/sketch/writer.h"
#include "tests/sketch/sketch_samples.h"

namespace inkling {
namespace {

Sketch moved(Sketch sketch, float scale, float dx, float dy) {
  for (Stroke& stroke : sketch.strokes) {
    for (float& x : stroke.x) x = x * scale + dx;
    for (float& y : stroke.y) y = y * scale + dy;
  }
  sketch.width *= scale;
  sketch.height *= scale;
  return sketch;
}

void expectSameStrokes(const Sketch& a, const Sketch& b, bool all) {
  ASSERT_EQ(a.strokes.size(), b.strokes.size());
  for (std::size_t i = 0; i < a.strokes.size(); ++i) {
    EXPECT_EQ(a.strokes[i].x, b.strokes[i].x);
    EXPECT_EQ(a.strokes[i].y, b.strokes[i].y);
    EXPECT_EQ(a.strokes[i].eraser, b.strokes[i].eraser);
    if (!all) continue;
    EXPECT_EQ(a.strokes[i].t, b.strokes[i].t);
    EXPECT_EQ(a.strokes[i].pressure, b.strokes[i].pressure);
  }
}

class EverySketch : public testing::TestWithParam<std::uint64_t> {
 protected:
  Random random_{GetParam()};
  Sketch sketch_ = randomSketch(random_);
};

INSTANTIATE_TEST_SUITE_P(Random, EverySketch, testing::Range<std::uint64_t>(0, 40));

TEST_P(EverySketch, LooksTheSameAnywhereOnThePage) {
  const auto here = rasterise(sketch_);
  const auto there = rasterise(moved(sketch_, 1, 300, -170));
  EXPECT_LT(difference(here, there).largest, 1e-3);
}

TEST_P(EverySketch, LooksTheSameAtAnySize) {
  const auto here = rasterise(sketch_);
  for (const float scale : {0.01f, 0.37f, 5.0f, 900.0f}) {
    EXPECT_LT(difference(here, rasterise(moved(sketch_, scale, 0, 0))).largest, 1e-3) << scale;
  }
}

TEST_P(EverySketch, LooksTheSameInAnyOrderOfStrokes) {
  const auto before = rasterise(sketch_);
  random_.shuffle(sketch_.strokes);
  for (Stroke& stroke : sketch_.strokes) std::reverse(stroke.x.begin(), stroke.x.end());
  for (Stroke& stroke : sketch_.strokes) std::reverse(stroke.y.begin(), stroke.y.end());
  EXPECT_LT(difference(before, rasterise(sketch_)).largest, 1e-5);
}

TEST_P(EverySketch, SurvivesJsonUnchanged) {
  if (random_.chance(0.5)) sketch_.strokes.front().eraser = true;
  const Sketch back = sketchFromJson(toJson(sketch_), "back");
  EXPECT_EQ(back.width, sketch_.width);
  EXPECT_EQ(back.height, sketch_.height);
  expectSameStrokes(sketch_, back, true);
}

TEST_P(EverySketch, SurvivesSvg) {
  if (random_.chance(0.5)) sketch_.strokes.back().eraser = true;
  const Sketch back = sketchFromSvg(toSvg(sketch_), "back");
  EXPECT_EQ(back.width, sketch_.width);
  expectSameStrokes(sketch_, back, false);
}

TEST_P(EverySketch, SurvivesQuickDraw) {
  const QuickDrawEntry back = quickDrawFromJson(toQuickDraw(sketch_, "stop \"sign\""), "back");
  EXPECT_EQ(back.word, "stop \"sign\"");
  expectSameStrokes(sketch_, back.sketch, false);
}

TEST_P(EverySketch, StaysNearlyTheSameThroughPng) {
  // Lines that cross in a few pixels are traced in another way, but nothing is far from where it
  // was.
  const Sketch back = sketchFromPng(toPng(sketch_), "back");
  EXPECT_NO_THROW(validate(back));
  const auto before = rasterise(sketch_), after = rasterise(back);
  EXPECT_GT(covered(before, after), 0.9);
  EXPECT_GT(covered(after, before), 0.95);
}

TEST_P(EverySketch, LosesInkOnlyToAnEraser) {
  const Sketch before = sketch_;
  const InkFrame frame = inkFrame(before);
  sketch_.strokes.push_back(strokeOf({0, 256}, {128, 100}, true));
  for (std::size_t i = 0; i + 1 < sketch_.strokes.size(); ++i) {
    const auto whole = rasteriseStroke(before, i, frame), rest = rasteriseStroke(sketch_, i, frame);
    for (std::size_t k = 0; k < whole.size(); ++k) ASSERT_LE(rest[k], whole[k] + 1e-4);
  }
}

}  // namespace
}  // namespace inkling
