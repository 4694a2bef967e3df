#include <limits>

#include "tests/sketch/sketch_samples.h"

namespace inkling {
namespace {

using testing::HasSubstr;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::string problem(const Sketch& sketch) {
  return messageOf([&] { validate(sketch); });
}

TEST(Validate, AcceptsALine) {
  EXPECT_NO_THROW(validate(sketchOf({strokeOf({0, 100}, {0, 10})})));
  EXPECT_NO_THROW(validate(sketchOf({strokeOf({0, 100}, {0, 10})}, 0, 0)));
}

TEST(Validate, RefusesWhatIsEmpty) {
  EXPECT_EQ(problem(sketchOf({})), "a sketch: the sketch is empty");
  EXPECT_EQ(problem(sketchOf({strokeOf({}, {})})), "a sketch: the sketch is empty");
  EXPECT_EQ(problem(sketchOf({strokeOf({0, 9}, {0, 9}, true)})), "a sketch: the sketch is empty");
}

TEST(Validate, RefusesADot) {
  const std::string dot = "a sketch: only a dot; draw at least one line";
  EXPECT_EQ(problem(sketchOf({strokeOf({10}, {10})})), dot);
  EXPECT_EQ(
      problem(sketchOf({strokeOf({10, 10.2f, 10.1f}, {10, 10.1f, 10}), strokeOf({10}, {10})})),
      dot);
  EXPECT_EQ(problem(sketchOf({strokeOf({10, 10}, {10, 10})}, 0, 0)), dot);
}

TEST(Validate, TwoDotsApartAreADrawing) {
  EXPECT_NO_THROW(validate(sketchOf({strokeOf({10}, {10}), strokeOf({90}, {10})})));
}

TEST(Validate, RefusesNumbersThatAreNone) {
  for (const float bad : {kNan, kInfinity, -kInfinity}) {
    EXPECT_THAT(problem(sketchOf({strokeOf({0, bad}, {0, 1})})), HasSubstr("not a number"));
    EXPECT_THAT(problem(sketchOf({strokeOf({0, 1}, {bad, 1})})), HasSubstr("not a number"));
    Sketch sketch = sketchOf({strokeOf({0, 9}, {0, 9})});
    sketch.strokes[0].pressure = {0, bad};
    EXPECT_THAT(problem(sketch), HasSubstr("time or pressure"));
    sketch = sketchOf({strokeOf({0, 9}, {0, 9})});
    sketch.width = bad;
    EXPECT_THAT(problem(sketch), HasSubstr("page size"));
  }
  EXPECT_THAT(problem(sketchOf({strokeOf({0, 2e6f}, {0, 1})})), HasSubstr("absurd"));
}

TEST(Validate, RefusesListsOfDifferentLengths) {
  EXPECT_THAT(problem(sketchOf({strokeOf({0, 1, 2}, {0, 1})})), HasSubstr("different lengths"));
  Sketch sketch = sketchOf({strokeOf({0, 9}, {0, 9})});
  sketch.strokes[0].t = {1};
  EXPECT_THAT(problem(sketch), HasSubstr("stroke 0 has lists of different lengths"));
}

TEST(Validate, RefusesABrokenRaster) {
  Sketch sketch = sketchOf({});
  sketch.raster = {4, 4, std::vector<std::uint8_t>(15)};
  EXPECT_THAT(problem(sketch), HasSubstr("size"));
  sketch.raster.ink.resize(16);
  EXPECT_THAT(problem(sketch), HasSubstr("no ink"));
}

}  // namespace
}  // namespace inkling
