#include "core/sketch/simplify.h"

#include "core/sketch/line_distance.h"
#include "tests/sketch/sketch_samples.h"

namespace inkling {
namespace {

TEST(Simplify, DropsPointsOnALine) {
  const Stroke line = simplify(strokeOf({0, 1, 2, 5, 10}, {0, 1, 2, 5, 10}), 0.1);
  EXPECT_EQ(line.x, (std::vector<float>{0, 10}));
}

TEST(Simplify, KeepsCornersWithTheirTimes) {
  Stroke corner = strokeOf({0, 5, 10, 10, 10}, {0, 0, 0, 5, 10});
  corner.t = {0, 1, 2, 3, 4};
  corner.pressure = {.1f, .2f, .3f, .4f, .5f};
  const Stroke result = simplify(corner, 0.1);
  EXPECT_EQ(result.x, (std::vector<float>{0, 10, 10}));
  EXPECT_EQ(result.t, (std::vector<float>{0, 2, 4}));
  EXPECT_EQ(result.pressure, (std::vector<float>{.1f, .3f, .5f}));
}

TEST(Simplify, NoPointIsFartherAwayThanTheTolerance) {
  Random random(8);
  for (int round = 0; round < 30; ++round) {
    const Stroke before = randomSketch(random).strokes[0];
    const Stroke after = simplify(before, 3);
    EXPECT_LE(after.size(), before.size());
    EXPECT_EQ(after.x.front(), before.x.front());
    EXPECT_EQ(after.x.back(), before.x.back());
    for (std::size_t i = 0; i < before.size(); ++i) {
      double nearest = 1e9;
      for (std::size_t k = 0; k + 1 < after.size(); ++k) {
        nearest = std::min(nearest, squaredDistance(before.x[i], before.y[i], after.x[k],
                                                    after.y[k], after.x[k + 1], after.y[k + 1]));
      }
      EXPECT_LE(std::sqrt(nearest), 3 + 1e-4);
    }
  }
}

TEST(Simplify, ManyPointsAndFewPointsAreNoDanger) {
  const Stroke many = circle(0, 0, 100, 20000);
  const Stroke few = simplify(many, 0.5);
  EXPECT_LT(few.size(), 100u);
  EXPECT_GT(few.size(), 10u);
  EXPECT_EQ(simplify(strokeOf({}, {}), 1).size(), 0u);
  EXPECT_EQ(simplify(strokeOf({1}, {1}), 1).size(), 1u);
  EXPECT_THROW(simplify(many, -1), UsageError);
  EXPECT_THROW(simplify(many, std::nan("")), UsageError);
}

TEST(Resample, PointsAreEquallyFarApart) {
  const Stroke result = resample(strokeOf({0, 10, 10}, {0, 0, 5}), 2.5);
  EXPECT_EQ(result.x, (std::vector<float>{0, 2.5, 5, 7.5, 10, 10, 10}));
  EXPECT_EQ(result.y, (std::vector<float>{0, 0, 0, 0, 0, 2.5, 5}));
}

TEST(Resample, KeepsTheLengthAndTheEnds) {
  const Stroke round = circle(50, 50, 30, 500);
  const Stroke result = resample(round, 1);
  EXPECT_NEAR(arcLength(result), arcLength(round), 0.5);
  EXPECT_NEAR(double(result.size()), arcLength(round), 2);
  EXPECT_EQ(result.x.back(), round.x.back());
}

TEST(Resample, InterpolatesTimes) {
  Stroke line = strokeOf({0, 10}, {0, 0});
  line.t = {0, 100};
  EXPECT_EQ(resample(line, 5).t, (std::vector<float>{0, 50, 100}));
}

TEST(Resample, AStrokeWithoutLengthKeepsItsFirstPoint) {
  EXPECT_EQ(resample(strokeOf({3, 3}, {4, 4}), 1).size(), 1u);
  EXPECT_EQ(resample(strokeOf({}, {}), 1).size(), 0u);
  EXPECT_THROW(resample(strokeOf({0, 1}, {0, 1}), 0), UsageError);
}

}  // namespace
}  // namespace inkling
