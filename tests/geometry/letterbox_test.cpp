#include "core/geometry/letterbox.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/random.h"

namespace inkling {
namespace {

void expectNear(const Box& a, const Box& b, double tolerance = 1e-9) {
  EXPECT_NEAR(a.x, b.x, tolerance);
  EXPECT_NEAR(a.y, b.y, tolerance);
  EXPECT_NEAR(a.width, b.width, tolerance);
  EXPECT_NEAR(a.height, b.height, tolerance);
}

TEST(Letterbox, WidePhotoIsPaddedAtTheBottom) {
  const Letterbox letterbox({1920, 1080}, {640, 640});
  EXPECT_DOUBLE_EQ(letterbox.scale(), 1.0 / 3.0);
  EXPECT_EQ(letterbox.content(), (Size{640, 360}));
  EXPECT_EQ(letterbox.toPhoto({0, 0, 640, 360}), (Box{0, 0, 1920, 1080}));
  EXPECT_EQ(letterbox.toFrame({0, 0, 1920, 1080}), (Box{0, 0, 640, 360}));
}

TEST(Letterbox, TallPhotoIsPaddedAtTheRight) {
  const Letterbox letterbox({100, 400}, {200, 200});
  EXPECT_EQ(letterbox.content(), (Size{50, 200}));
  expectNear(letterbox.toPhoto({25, 100, 10, 20}), {50, 200, 20, 40});
}

TEST(Letterbox, SmallPhotoGrows) {
  const Letterbox letterbox({32, 16}, {64, 64});
  EXPECT_DOUBLE_EQ(letterbox.scale(), 2);
  EXPECT_EQ(letterbox.content(), (Size{64, 32}));
}

TEST(Letterbox, NeedleThinPhotoKeepsOnePixel) {
  EXPECT_EQ(Letterbox({30000, 1}, {64, 64}).content(), (Size{64, 1}));
  EXPECT_EQ(Letterbox({1, 30000}, {64, 64}).content(), (Size{1, 64}));
  EXPECT_EQ(Letterbox({1, 1}, {640, 640}).content(), (Size{640, 640}));
}

TEST(Letterbox, BoxesAreClippedToThePhoto) {
  const Letterbox letterbox({200, 100}, {100, 100});
  expectNear(letterbox.toPhoto({-10, -10, 500, 500}), {0, 0, 200, 100});
  EXPECT_EQ(letterbox.toPhoto({10, 60, 20, 20}), Box{}) << "a box in the padding is no box";
}

TEST(Letterbox, SidesMustBePositive) {
  EXPECT_THROW(Letterbox({0, 10}, {64, 64}), UsageError);
  EXPECT_THROW(Letterbox({10, 10}, {64, -1}), UsageError);
}

TEST(Letterbox, RoundTripsForAnyShape) {
  Random random(11);
  for (int i = 0; i < 2000; ++i) {
    const Size photo{1 + static_cast<int>(random.below(6000)),
                     1 + static_cast<int>(random.below(6000))};
    const Size frame{1 + static_cast<int>(random.below(1300)),
                     1 + static_cast<int>(random.below(1300))};
    const Letterbox letterbox(photo, frame);
    EXPECT_GE(letterbox.content().width, 1);
    EXPECT_GE(letterbox.content().height, 1);
    EXPECT_LE(letterbox.content().width, frame.width);
    EXPECT_LE(letterbox.content().height, frame.height);
    EXPECT_TRUE(letterbox.content().width == frame.width ||
                letterbox.content().height == frame.height)
        << "it fits tightly in at least one direction";

    const Box whole{0, 0, static_cast<double>(photo.width), static_cast<double>(photo.height)};
    EXPECT_EQ(letterbox.toPhoto(letterbox.toFrame(whole)), whole);
    const double x = random.uniform(0, photo.width), y = random.uniform(0, photo.height);
    const Box box{x, y, random.uniform(0, 1) * (photo.width - x),
                  random.uniform(0, 1) * (photo.height - y)};
    expectNear(letterbox.toPhoto(letterbox.toFrame(box)), box, 1e-8);
  }
}

}  // namespace
}  // namespace inkling
