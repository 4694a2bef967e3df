#include "core/image/resize.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/geometry/letterbox.h"
#include "photo_fixtures.h"

namespace inkling {
namespace {

Image noise(Size size) {
  Random random(5);
  Image image(size);
  for (std::uint8_t& value : image.rgb) value = static_cast<std::uint8_t>(random.below(256));
  return image;
}

TEST(Resize, TheSameSizeIsTheSamePicture) {
  const Image image = noise({13, 7});
  EXPECT_EQ(resize(image, {13, 7}), image);
  EXPECT_EQ(resize(image, {13, 7}, Resampling::linear), image);
}

TEST(Resize, OneColourStaysOneColour) {
  const Image image({50, 40}, {10, 200, 30});
  for (const Size size : {Size{7, 3}, {200, 100}, {100, 10}, {10, 100}, {1, 1}}) {
    EXPECT_EQ(resize(image, size), Image(size, {10, 200, 30}));
  }
}

TEST(Resize, ShrinkingTakesTheMeanInsteadOfSomePixels) {
  Image stripes({64, 64}, {0, 0, 0});
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; x += 2) stripes.set(x, y, {255, 255, 255});
  }
  const Image small = resize(stripes, {8, 8});
  for (const std::uint8_t value : small.rgb) EXPECT_NEAR(value, 128, 1);
}

TEST(Resize, QuadrantsStayInTheirCorners) {
  for (const Size size : {Size{16, 12}, {320, 240}, {320, 12}, {8, 240}}) {
    for (const Resampling resampling : {Resampling::area, Resampling::linear}) {
      const Image image = resize(quadrants(), size, resampling);
      ASSERT_EQ(image.size(), size);
      EXPECT_EQ(image.at(0, 0), (Rgb{255, 0, 0}));
      EXPECT_EQ(image.at(size.width - 1, 0), (Rgb{0, 255, 0}));
      EXPECT_EQ(image.at(0, size.height - 1), (Rgb{0, 0, 255}));
    }
  }
}

TEST(Resize, NothingCannotBeResized) {
  EXPECT_THROW(resize(Image(), {4, 4}), UsageError);
  EXPECT_THROW(resize(quadrants(), {0, 4}), UsageError);
  EXPECT_THROW(resize(quadrants(), {4, -4}), UsageError);
}

TEST(LetterboxPlanes, PhotoIsTopLeftAndTheRestIsPadding) {
  const Image photo({4, 2}, {255, 128, 0});
  LetterboxOptions options;
  options.unitScale = false;
  const std::vector<float> planes = letterboxPlanes(photo, {8, 8}, options);
  ASSERT_EQ(planes.size(), 3U * 64);
  const float expected[3] = {255, 128, 0};
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t y = 0; y < 8; ++y) {
      for (std::size_t x = 0; x < 8; ++x) {
        EXPECT_FLOAT_EQ(planes[c * 64 + y * 8 + x], y < 4 ? expected[c] : 114.0F);
      }
    }
  }
}

TEST(LetterboxPlanes, TallPhotoIsPaddedAtTheRight) {
  const Image photo({2, 4}, {255, 255, 255});
  const std::vector<float> planes = letterboxPlanes(photo, {8, 8}, {.padding = 0});
  for (std::size_t i = 0; i < planes.size(); ++i) EXPECT_EQ(planes[i], i % 8 < 4 ? 1.0F : 0.0F);
}

TEST(LetterboxPlanes, NormalisesByChannelWhateverTheOrderOfThePlanes) {
  const Image photo({1, 1}, {255, 0, 51});
  LetterboxOptions options;
  options.mean = {0.5F, 0.25F, 0.1F};
  options.std = {0.5F, 0.25F, 0.2F};
  const std::vector<float> rgb = letterboxPlanes(photo, {1, 1}, options);
  EXPECT_NEAR(rgb[0], 1, 1e-6);
  EXPECT_NEAR(rgb[1], -1, 1e-6);
  EXPECT_NEAR(rgb[2], 0.5, 1e-6);
  options.bgr = true;
  const std::vector<float> bgr = letterboxPlanes(photo, {1, 1}, options);
  EXPECT_EQ(bgr, (std::vector<float>{rgb[2], rgb[1], rgb[0]}));
}

TEST(LetterboxPlanes, PaddingIsNormalisedToo) {
  const Image photo({2, 1}, {114, 114, 114});
  LetterboxOptions options;
  options.mean = {0.485F, 0.456F, 0.406F};
  options.std = {0.229F, 0.224F, 0.225F};
  const std::vector<float> planes = letterboxPlanes(photo, {2, 2}, options);
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_FLOAT_EQ(planes[4 * c], planes[4 * c + 2]) << "grey 114 looks like the padding";
  }
}

TEST(LetterboxPlanes, HoldsThePictureThatLetterboxPromises) {
  const Image photo = noise({37, 91});
  const Size frame{48, 64};
  const Letterbox letterbox(photo.size(), frame);
  const Image content = resize(photo, letterbox.content());
  const std::vector<float> planes = letterboxPlanes(photo, frame, {.unitScale = false});
  for (int y = 0; y < content.height; ++y) {
    for (int x = 0; x < content.width; ++x) {
      const auto at = static_cast<std::size_t>(y * frame.width + x);
      EXPECT_EQ(planes[at], static_cast<float>(content.at(x, y).r));
      EXPECT_EQ(planes[2 * 48 * 64 + at], static_cast<float>(content.at(x, y).b));
    }
  }
}

TEST(LetterboxPlanes, RefusesWhatMakesNoSense) {
  EXPECT_THROW(letterboxPlanes(Image(), {8, 8}), UsageError);
  EXPECT_THROW(letterboxPlanes(quadrants(), {8, 0}), UsageError);
  EXPECT_THROW(letterboxPlanes(quadrants(), {8, 8}, {.std = {1, 0, 1}}), UsageError);
}

TEST(Flip, TwiceIsTheSamePicture) {
  const Image image = noise({9, 5});
  const Image flipped = flipHorizontally(image);
  EXPECT_EQ(flipped.at(0, 2), image.at(8, 2));
  EXPECT_EQ(flipHorizontally(flipped), image);
}

TEST(Crop, TakesThePixelsThatTheBoxTouches) {
  const Image image = noise({20, 10});
  const Image part = crop(image, {3, 2, 4, 5});
  ASSERT_EQ(part.size(), (Size{4, 5}));
  EXPECT_EQ(part.at(0, 0), image.at(3, 2));
  EXPECT_EQ(part.at(3, 4), image.at(6, 6));
  EXPECT_EQ(crop(image, {3.5, 2.5, 1, 1}).size(), (Size{2, 2}));
  EXPECT_EQ(crop(image, {19.9, 9.9, 50, 50}).size(), (Size{1, 1}));
  EXPECT_EQ(crop(image, {-10, -10, 100, 100}), image);
  EXPECT_THROW(crop(image, {20, 0, 5, 5}), UsageError);
  EXPECT_THROW(crop(image, {5, 5, 0, 5}), UsageError);
}

}  // namespace
}  // namespace inkling
