#include "tests/bench/haar_search.h"

#include <algorithm>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/random.h"

namespace inkling::bench {
namespace {

using testing::Each;

Image noise(std::uint64_t seed, Size size = {200, 150}) {
  Random random(seed);
  Image image(size);
  // Large patches: a picture whose coarse coefficients differ from another's.
  for (int y = 0; y < size.height; y += 25) {
    for (int x = 0; x < size.width; x += 25) {
      const Rgb colour{static_cast<std::uint8_t>(random.below(256)),
                       static_cast<std::uint8_t>(random.below(256)),
                       static_cast<std::uint8_t>(random.below(256))};
      for (int j = 0; j < 25; ++j) {
        for (int i = 0; i < 25; ++i) image.set(x + i, y + j, colour);
      }
    }
  }
  return image;
}

TEST(HaarSearch, PlainPictureIsItsMeanAlone) {
  const HaarSignature grey = haarSignature(Image({300, 100}, {51, 51, 51}));
  EXPECT_NEAR(grey.average[0], 0.2, 1e-9);
  EXPECT_NEAR(grey.average[1], 0, 1e-9);
  EXPECT_NEAR(grey.average[2], 0, 1e-9);
  for (const auto& channel : grey.largest) EXPECT_THAT(channel, Each(0));

  const HaarSignature red = haarSignature(Image({10, 10}, {255, 0, 0}));
  EXPECT_NEAR(red.average[0], 0.299, 1e-9);
  EXPECT_NEAR(red.average[1], 0.596, 1e-9);
  EXPECT_NEAR(red.average[2], 0.212, 1e-9);
}

// White on the left half, black on the right: the coarsest horizontal wavelet and nothing else.
TEST(HaarSearch, HalvesAreTheCoarsestWavelets) {
  Image left({128, 128}), top({128, 128});
  for (int i = 0; i < 128; ++i) {
    for (int j = 64; j < 128; ++j) {
      left.set(j, i, {0, 0, 0});
      top.set(i, j, {0, 0, 0});
    }
  }
  const auto nonZero = [](const HaarSignature& signature) {
    std::vector<int> places;
    for (const std::int16_t place : signature.largest[0]) {
      if (place != 0) places.push_back(place);
    }
    return places;
  };
  EXPECT_THAT(nonZero(haarSignature(left)), testing::ElementsAre(1));
  EXPECT_THAT(nonZero(haarSignature(top)), testing::ElementsAre(128));
  EXPECT_NEAR(haarSignature(left).average[0], 0.5, 1e-9);
  // The same the other way round has the opposite sign.
  Image right({128, 128}, {0, 0, 0});
  for (int i = 0; i < 128; ++i) {
    for (int j = 64; j < 128; ++j) right.set(j, i, {255, 255, 255});
  }
  EXPECT_THAT(nonZero(haarSignature(right)), testing::ElementsAre(-1));
}

// By hand, with the painted weights: means 0.5 and 0.5 agree, coefficient 1 is of bin 1 in Y.
TEST(HaarSearch, ScoreIsThePapers) {
  HaarSignature query, photo;
  query.average = {0.5, 0.1, 0.0};
  photo.average = {0.25, 0.0, 0.1};
  query.largest[0] = {1, 2};         // bins 1 and 2
  photo.largest[0] = {-2, 1, 3};     // the sign of 2 differs
  query.largest[1] = {128 * 3 + 4};  // bin 4
  photo.largest[1] = {128 * 3 + 4};
  query.largest[2] = {128 * 90};  // bin 5
  photo.largest[2] = {128 * 90};
  for (HaarSignature* signature : {&query, &photo}) {
    for (auto& channel : signature->largest) std::ranges::sort(channel);
  }
  const double means = 4.04 * 0.25 + 15.14 * 0.1 + 22.62 * 0.1;
  EXPECT_NEAR(haarScore(query, photo), 0.78 + 0.14 + 0.38 - means, 1e-9);
  const double scannedMeans = 5.00 * 0.25 + 19.21 * 0.1 + 34.37 * 0.1;
  EXPECT_NEAR(haarScore(query, photo, HaarQuery::scanned), 0.83 + 0.28 + 0.27 - scannedMeans, 1e-9);
}

// What the method is good for: the same picture, smaller, darker and of another aspect, is first.
TEST(HaarSearch, FindsTheSamePictureAmongOthers) {
  const Image original = noise(1);
  Image copy({100, 150});
  for (int y = 0; y < copy.height; ++y) {
    for (int x = 0; x < copy.width; ++x) {
      const Rgb pixel = original.at(2 * x, y);
      copy.set(x, y,
               {static_cast<std::uint8_t>(pixel.r * 0.9), static_cast<std::uint8_t>(pixel.g * 0.9),
                static_cast<std::uint8_t>(pixel.b * 0.9)});
    }
  }
  const HaarSignature query = haarSignature(copy);
  const double same = haarScore(query, haarSignature(original));
  for (std::uint64_t seed = 2; seed < 60; ++seed)
    EXPECT_LT(haarScore(query, haarSignature(noise(seed))), same) << seed;
}

TEST(HaarSearch, DrawingIsBlackOnWhite) {
  Sketch sketch;
  sketch.width = sketch.height = 100;
  sketch.strokes.push_back({{20, 80}, {50, 50}, {}, {}, false});
  const Image picture = haarQueryPicture(sketch);
  EXPECT_EQ(picture.size(), (Size{256, 256}));
  EXPECT_EQ(picture.at(5, 5), (Rgb{255, 255, 255}));
  EXPECT_EQ(picture.at(128, 128), (Rgb{0, 0, 0}));
  // Its ink is where it is on the page: a line drawn higher up has other coefficients.
  Sketch higher = sketch;
  higher.strokes[0].y = {20, 20};
  EXPECT_NE(haarSignature(haarQueryPicture(higher)).largest, haarSignature(picture).largest);
}

TEST(HaarSearch, EmptyPictureIsRefused) { EXPECT_THROW(haarSignature(Image()), UsageError); }

}  // namespace
}  // namespace inkling::bench
