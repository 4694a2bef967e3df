#include "core/kernels/letterbox.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <gtest/gtest.h>

#include "core/kernels/half.h"
#include "core/kernels/letterbox_steps.h"
#include "tests/kernels/all_instructions.h"
#include "tests/kernels/letterbox_sample.h"

namespace inkling::kernels {
namespace {

// The share of each pixel of the photo in pixel `i` of the content: of what is covered when the
// axis shrinks, of the two nearest middles when it grows.
std::vector<double> sharesOf(int source, int content, int i) {
  std::vector<double> shares(static_cast<std::size_t>(source));
  const double step = static_cast<double>(source) / content;
  for (int j = 0; j < source; ++j) {
    double& share = shares[static_cast<std::size_t>(j)];
    if (content <= source) {
      share = std::max(0.0, std::min(j + 1.0, (i + 1) * step) - std::max(1.0 * j, i * step)) / step;
    } else {
      const double middle = std::clamp((i + 0.5) * step - 0.5, 0.0, source - 1.0);
      share = std::max(0.0, 1 - std::abs(middle - j));
    }
  }
  return shares;
}

double expected(const LetterboxSample& sample, int x, int y, int channel) {
  const auto across = sharesOf(sample.width, sample.contentWidth, x),
             down = sharesOf(sample.height, sample.contentHeight, y);
  double sum = 0;
  for (int v = 0; v < sample.height; ++v) {
    const double share = down[static_cast<std::size_t>(v)];
    for (int u = 0; share > 0 && u < sample.width; ++u)
      sum += share * across[static_cast<std::size_t>(u)] * sample.at(u, v, channel);
  }
  return sum;
}

class LetterboxKernel : public testing::TestWithParam<Instructions> {
 protected:
  void SetUp() override {
    if (!supported(GetParam())) GTEST_SKIP() << "this processor does not have these instructions";
  }
  std::vector<float> run(Letterboxing job) {
    std::vector<float> planes(letterboxNumbers(job), std::numeric_limits<float>::quiet_NaN());
    job.output = planes.data();
    letterbox(job, 0, job.items(), GetParam());
    return planes;
  }
};

TEST_P(LetterboxKernel, AgreesWithTheDefinition) {
  const std::vector<LetterboxSample> samples = letterboxSamples();
  const std::vector<float> all = run(letterboxJob(samples));
  const std::size_t numbers = all.size() / samples.size();
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const LetterboxSample& sample = samples[i];
    const float* planes = all.data() + i * numbers;
    // Means are rounded to the nearest level. Blends are of coarse shares and lose two quarters at
    // most on the way; one direction after the other rounds twice.
    const double tolerance = sample.shrinks() ? 0.5001 : sample.grows() ? 1.13 : 1.63;
    for (int y = 0; y < kSampleFrameHeight; y += 3) {  // a definition takes its time
      for (int x = 0; x < kSampleFrameWidth; ++x) {
        const int c = (x + y) % 3;
        const float value = planes[(c * kSampleFrameHeight + y) * kSampleFrameWidth + x];
        if (x < sample.contentWidth && y < sample.contentHeight) {
          ASSERT_NEAR(value, expected(sample, x, y, c), tolerance)
              << sample.name << ", column " << x << ", row " << y;
          ASSERT_EQ(value, std::floor(value)) << sample.name;
        } else {
          ASSERT_EQ(value, 114.0F) << sample.name << ", column " << x << ", row " << y;
        }
      }
    }
  }
}

TEST_P(LetterboxKernel, MiddlesGoToTheEvenLevelButUpAtHalf) {
  const auto meanOf = [&](int width, int height, std::vector<std::uint8_t> reds) {
    std::vector<LetterboxSample> samples = {{"", width, height, 1, 1}};
    for (std::size_t i = 0; i < reds.size(); ++i) samples[0].bytes[3 * i] = reds[i];
    return run(letterboxJob(samples))[0];
  };
  EXPECT_EQ(meanOf(2, 1, {0, 1}), 0);
  EXPECT_EQ(meanOf(2, 1, {1, 2}), 2);
  EXPECT_EQ(meanOf(1, 2, {2, 3}), 2);
  EXPECT_EQ(meanOf(4, 1, {0, 0, 1, 1}), 0);
  EXPECT_EQ(meanOf(2, 2, {0, 1, 0, 1}), 1);
  EXPECT_EQ(meanOf(2, 2, {0, 1, 0, 0}), 0);
  EXPECT_EQ(meanOf(2, 2, {255, 255, 255, 255}), 255);
}

TEST_P(LetterboxKernel, PlanesAreNormalisedInEitherOrder) {
  std::vector<LetterboxSample> samples = {{"", 1, 1, 2, 3}};
  samples[0].bytes = {10, 20, 30};
  const std::array<float, 3> mean = {0.485F, 0.456F, 0.406F}, std = {0.229F, 0.224F, 0.225F};
  for (const bool bgr : {false, true}) {
    Letterboxing job = letterboxJob(samples);
    job.bgr = bgr;
    job.padding = 100;
    job.normalise(mean, std);
    const std::vector<float> planes = run(job);
    const std::size_t plane = planes.size() / 3;
    for (std::size_t p = 0; p < 3; ++p) {
      const std::size_t channel = bgr ? 2 - p : p;
      const auto normal = [&](float level) { return (level / 255 - mean[channel]) / std[channel]; };
      EXPECT_NEAR(planes[p * plane], normal(10.0F * static_cast<float>(channel + 1)), 1e-6);
      EXPECT_NEAR(planes[(p + 1) * plane - 1], normal(100), 1e-6);
    }
  }
}

TEST_P(LetterboxKernel, HalvesAreTheNumbersRounded) {
  const std::vector<LetterboxSample> samples = letterboxSamples();
  Letterboxing job = letterboxJob(samples);
  job.normalise({0.485F, 0.456F, 0.406F}, {0.229F, 0.224F, 0.225F});
  const std::vector<float> planes = run(job);
  std::vector<std::uint16_t> halves(planes.size(), 0xffff), wanted(planes.size());
  std::transform(planes.begin(), planes.end(), wanted.begin(), halfBits);
  job.halfOutput = halves.data();
  letterbox(job, 0, job.items(), GetParam());
  EXPECT_EQ(halves, wanted);
}

TEST_P(LetterboxKernel, ItemsAreIndependent) {
  const std::vector<LetterboxSample> samples = letterboxSamples();
  Letterboxing job = letterboxJob(samples);
  const std::vector<float> planes = run(job);
  std::vector<float> parts(planes.size());
  job.output = parts.data();
  for (std::int64_t end = job.items(); end > 0; end -= std::min<std::int64_t>(end, 37))
    letterbox(job, std::max<std::int64_t>(0, end - 37), end, GetParam());
  EXPECT_EQ(parts, planes);
}

INSTANTIATE_TEST_SUITE_P(Instructions, LetterboxKernel, allInstructions(), instructionsName);

TEST(LetterboxJob, WhatMakesNoSenseIsRefused) {
  const std::vector<LetterboxSample> samples = {{"", 4, 3, 8, 6}};
  std::vector<float> planes(3 * kSampleFrameWidth * kSampleFrameHeight);
  const auto refused = [&](auto&& change) {
    Letterboxing job = letterboxJob(samples);
    job.output = planes.data();
    EXPECT_NO_THROW(job.check());
    change(job);
    EXPECT_THROW(letterbox(job, 0, job.items()), std::invalid_argument);
  };
  refused([](Letterboxing& job) { job.output = nullptr; });
  refused([](Letterboxing& job) { job.frameWidth = 0; });
  refused([](Letterboxing& job) { job.frameWidth = 65536; });
  refused([](Letterboxing& job) { job.photos[0].pixels = nullptr; });
  refused([](Letterboxing& job) { job.photos[0].height = 0; });
  refused([](Letterboxing& job) { job.photos[0].width = 65536; });
  refused([](Letterboxing& job) { job.photos[0].contentWidth = kSampleFrameWidth + 1; });
  refused([](Letterboxing& job) { job.photos[0].contentHeight = 0; });
}

TEST(LetterboxSteps, MeansAreExactHoweverLarge) {
  Random random(4);
  for (int i = 0; i < 100000; ++i) {
    const std::uint64_t total = 8 + (random.next() >> random.below(32)), level = random.below(255);
    const bool middleIsUp = random.chance(0.5);
    // Around the middle between two levels, where a division in single precision is in doubt.
    for (std::uint64_t twice = 2 * level * total + total - 3;
         twice <= 2 * level * total + total + 3; ++twice) {
      if (twice % 2 == 1 || twice > 510 * total) continue;
      const std::uint64_t above = twice - 2 * level * total;
      const bool up = above > total || (above == total && (middleIsUp || level % 2 == 1));
      ASSERT_EQ(letterboxMean(twice / 2, total, middleIsUp), level + (up ? 1 : 0))
          << twice / 2 << " / " << total;
    }
  }
}

TEST(LetterboxSteps, SharesAreTheNearestOf2048) {
  Random random(5);
  for (int i = 0; i < 100000; ++i) {
    const int content = 65535 - static_cast<int>(random.below(65535U >> random.below(16))),
              source = 1 + static_cast<int>(random.below(static_cast<std::uint32_t>(content)));
    const auto pixel = random.below(static_cast<std::uint32_t>(content));
    const LetterboxPair pair(LetterboxAxis(source, content), pixel);
    const double middle = (pixel + 0.5) * source / content - 0.5, left = std::floor(middle);
    ASSERT_EQ(pair.first, std::max(0.0, left)) << source << " to " << content << ", " << pixel;
    ASSERT_EQ(pair.second, std::min(left + 1, source - 1.0));
    ASSERT_NEAR(pair.share, (middle - left) * 2048, 0.5 + 1e-6);
  }
}

TEST(Half, EveryHalfIsItself) {
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    if (std::isnan(halfValue(half))) {
      EXPECT_TRUE(std::isnan(halfValue(halfBits(halfValue(half)))));
    } else {
      EXPECT_EQ(halfBits(halfValue(half)), half);
    }
  }
  EXPECT_EQ(halfValue(0x3c00), 1.0F);
  EXPECT_EQ(halfValue(0xc000), -2.0F);
  EXPECT_EQ(halfValue(0x7bff), 65504.0F);
  EXPECT_EQ(halfValue(0x0001), 0x1p-24F);
  EXPECT_EQ(halfValue(0x7c00), std::numeric_limits<float>::infinity());
}

TEST(Half, WhatLiesBetweenGoesToTheNearerAndFromTheMiddleToTheEven) {
  for (unsigned bits = 0; bits < 0x7c00; ++bits) {
    const auto below = static_cast<std::uint16_t>(bits),
               above = static_cast<std::uint16_t>(bits + 1);
    // Beyond the largest half, infinity stands where the next one would be.
    const float next = above == 0x7c00 ? 65536.0F : halfValue(above);
    const float middle = (halfValue(below) + next) / 2;
    ASSERT_EQ(halfBits(middle), bits % 2 == 0 ? below : above) << bits;
    ASSERT_EQ(halfBits(std::nextafter(middle, 0.0F)), below) << bits;
    ASSERT_EQ(halfBits(std::nextafter(middle, 1e9F)), above) << bits;
    ASSERT_EQ(halfBits(-middle), halfBits(middle) | 0x8000) << bits;
  }
  EXPECT_EQ(halfBits(1e30F), 0x7c00);
  EXPECT_EQ(halfBits(std::numeric_limits<float>::denorm_min()), 0);
}

}  // namespace
}  // namespace inkling::kernels
