#include "core/geometry/box.h"

#include <limits>

#include <gtest/gtest.h>

#include "core/base/random.h"

namespace inkling {
namespace {

Box randomBox(Random& random) {
  return {random.uniform(-50, 150), random.uniform(-50, 150), random.uniform(0.5, 100),
          random.uniform(0.5, 100)};
}

TEST(Box, CornersInAnyOrderGiveTheSameBox) {
  const Box expected{1, 2, 3, 5};
  EXPECT_EQ(fromCorners(1, 2, 4, 7), expected);
  EXPECT_EQ(fromCorners(4, 7, 1, 2), expected);
  EXPECT_EQ(fromCorners(1, 7, 4, 2), expected);
  EXPECT_DOUBLE_EQ(expected.right(), 4);
  EXPECT_DOUBLE_EQ(expected.bottom(), 7);
  EXPECT_DOUBLE_EQ(expected.area(), 15);
}

TEST(Box, NegativeSidesAndNanAreEmpty) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const Box& box : {Box{0, 0, -3, -4}, Box{0, 0, 0, 5}, Box{0, 0, nan, 5}}) {
    EXPECT_TRUE(box.empty());
    EXPECT_EQ(box.area(), 0);
    EXPECT_EQ(iou(box, {0, 0, 10, 10}), 0);
    EXPECT_EQ(clip(box, {10, 10}), Box{});
  }
}

TEST(Box, IouOfKnownBoxes) {
  EXPECT_DOUBLE_EQ(iou({0, 0, 10, 10}, {0, 0, 10, 10}), 1);
  EXPECT_DOUBLE_EQ(iou({0, 0, 10, 10}, {5, 0, 10, 10}), 50.0 / 150.0);
  EXPECT_DOUBLE_EQ(iou({0, 0, 10, 10}, {2, 2, 5, 5}), 0.25);
  EXPECT_DOUBLE_EQ(iou({0, 0, 10, 10}, {10, 0, 10, 10}), 0)
      << "boxes that only touch share nothing";
}

TEST(Box, GeneralizedIouTellsHowFarApartBoxesAre) {
  const Box a{0, 0, 10, 10};
  EXPECT_DOUBLE_EQ(generalizedIou(a, a), 1);
  EXPECT_DOUBLE_EQ(generalizedIou(a, {10, 0, 10, 10}), 0) << "touching: nothing is wasted";
  EXPECT_DOUBLE_EQ(generalizedIou(a, {20, 0, 10, 10}), -1.0 / 3.0);
  EXPECT_LT(generalizedIou(a, {500, 0, 10, 10}), generalizedIou(a, {50, 0, 10, 10}));
}

TEST(Box, OverlapMeasuresAreSymmetricAndBounded) {
  Random random(7);
  for (int i = 0; i < 2000; ++i) {
    const Box a = randomBox(random), b = randomBox(random);
    EXPECT_EQ(intersection(a, b), intersection(b, a));
    EXPECT_EQ(iou(a, b), iou(b, a));
    EXPECT_DOUBLE_EQ(generalizedIou(a, b), generalizedIou(b, a));
    EXPECT_GE(iou(a, b), 0);
    EXPECT_LE(iou(a, b), 1);
    EXPECT_LE(generalizedIou(a, b), iou(a, b) + 1e-12);
    EXPECT_GE(generalizedIou(a, b), -1);
    EXPECT_LE(intersection(a, b).area(), std::min(a.area(), b.area()) + 1e-9);
  }
}

TEST(Box, ClipKeepsWhatIsInside) {
  EXPECT_EQ(clip({-5, -5, 20, 10}, {100, 100}), (Box{0, 0, 15, 5}));
  EXPECT_EQ(clip({90, 10, 20, 10}, {100, 100}), (Box{90, 10, 10, 10}));
  EXPECT_EQ(clip({100, 0, 5, 5}, {100, 100}), Box{}) << "outside";
  EXPECT_EQ(clip({3, 4, 5, 6}, {100, 100}), (Box{3, 4, 5, 6}));
}

TEST(Box, ScalingKeepsTheCentre) {
  EXPECT_EQ(scaledAboutCentre({10, 10, 10, 20}, 2), (Box{5, 0, 20, 40}));
  EXPECT_EQ(scaledAboutCentre({10, 10, 10, 20}, 1), (Box{10, 10, 10, 20}));
  EXPECT_TRUE(scaledAboutCentre({10, 10, 10, 20}, 0).empty());
}

}  // namespace
}  // namespace inkling
