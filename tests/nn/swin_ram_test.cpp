#include "core/nn/swin_ram.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/nn/gradient_check.h"

namespace inkling {
namespace {

SwinRamConfig tiny() {
  SwinRamConfig config;
  config.embedDim = 8;
  config.depths = {2, 1, 1};
  config.heads = {1, 2, 4};
  config.window = 3;
  config.objects = 5;
  config.positionDim = 12;
  config.crossStages = {2};
  return config;
}

Tensor nothingPadded(const Tensor& photos) {
  return at::zeros({photos.size(0), photos.size(2), photos.size(3)}, at::kBool);
}

TEST(ReconfiguredAttention, WindowsAndBack) {
  const Tensor grid = at::randn({2, 6, 9, 4});
  const Tensor windows = intoWindows(grid, 3);
  EXPECT_EQ(windows.sizes().vec(), (std::vector<std::int64_t>{12, 9, 4}));
  EXPECT_TRUE(at::equal(windows[4][5], grid[0][4][5])) << "second row of windows, second of them";
  EXPECT_TRUE(at::equal(fromWindows(windows, 3, 6, 9), grid));
}

TEST(ReconfiguredAttention, PhotoTokensSeeTheirWindowOnly) {
  Random random(3);
  const ReconfiguredAttention attention(8, 3, 2, true, 0.0, random);
  const Tensor photo = at::randn({1, 6, 6, 8}).requires_grad_(true), objects = at::randn({1, 4, 8});
  attention.forward({photo, objects}, {}, {}).photo[0][1][4].square().sum().backward();
  const Tensor influence = photo.grad().abs().sum(-1)[0];
  EXPECT_GT(influence.slice(0, 0, 3).slice(1, 3, 6).min().item<float>(), 0.0F);
  EXPECT_EQ((influence > 0).sum().item<std::int64_t>(), 9);
}

// After a shift the last windows hold tokens from both sides of the photo, which must not meet.
TEST(ReconfiguredAttention, ShiftedWindowsDoNotJoinOppositeSides) {
  const Tensor bias = shiftedWindowBias(6, 6, 3, 1);
  ASSERT_EQ(bias.sizes().vec(), (std::vector<std::int64_t>{4, 9, 9}));
  EXPECT_EQ(bias[0].abs().max().item<float>(), 0.0F) << "all neighbours";
  // Window 1 is at the right: its third column came from the left.
  EXPECT_EQ(bias[1][0][1].item<float>(), 0.0F);
  EXPECT_EQ(bias[1][0][2].item<float>(), -100.0F);
  EXPECT_EQ(bias[1][2][5].item<float>(), 0.0F);
  EXPECT_EQ(bias[3][0][8].item<float>(), -100.0F);
  EXPECT_TRUE(at::equal(bias, bias.transpose(1, 2)));
}

TEST(ReconfiguredAttention, PhotoTokensNeverSeeObjectsAndObjectsSeeThePhotoWhereItIsCrossed) {
  Random random(3);
  const ReconfiguredAttention attention(8, 3, 2, true, 0.0, random);
  const Tensor photo = at::randn({1, 3, 3, 8}), objects = at::randn({1, 4, 8});
  const auto plain = attention.forward({photo, objects}, {}, {});
  EXPECT_TRUE(at::equal(attention.forward({photo, objects * 2}, {}, {}).photo, plain.photo));
  EXPECT_TRUE(at::equal(attention.forward({photo * 2, objects}, {}, {}).objects, plain.objects));
  Tensor seen = at::randn({1, 9, 8});
  Tensor bias = at::zeros({1, 1, 1, 9});
  bias.slice(3, 4).fill_(-100.0);
  const auto crossed = attention.forward({photo, objects}, {}, {seen, bias});
  EXPECT_TRUE(at::equal(crossed.photo, plain.photo));
  EXPECT_FALSE(at::allclose(crossed.objects, plain.objects, 1e-3, 1e-4));
  seen.slice(1, 4) *= -2.0;  // padding
  EXPECT_TRUE(at::allclose(attention.forward({photo, objects}, {}, {seen, bias}).objects,
                           crossed.objects, 1e-4, 1e-5));
  seen.slice(1, 0, 4) *= -2.0;
  EXPECT_FALSE(at::allclose(attention.forward({photo, objects}, {}, {seen, bias}).objects,
                            crossed.objects, 1e-3, 1e-4));
}

TEST(ReconfiguredAttention, GradientAgreesWithNumericOne) {
  Random random(9);
  ReconfiguredAttention attention(6, 2, 2, true, 0.0, random);
  const Tensor objects = at::randn({2, 3, 6}, at::kDouble);
  const Tensor windowBias = shiftedWindowBias(2, 4, 2, 1).to(at::kDouble);
  expectGradient(attention, at::randn({2, 2, 4, 6}), [&](const Tensor& x) {
    const auto result = attention.forward({x, objects}, windowBias, {x.flatten(1, 2), {}});
    return at::cat({result.photo.flatten(1, 2), result.objects}, 1);
  });
}

TEST(SwinRam, MaskedPositionsCountWhatIsThere) {
  Tensor padding = at::zeros({1, 4, 6}, at::kBool);
  padding.slice(1, 3).fill_(true);
  padding.slice(2, 4).fill_(true);
  const Tensor whole = maskedSinePosition(at::zeros({1, 3, 4}, at::kBool), 8);
  const Tensor part = maskedSinePosition(padding, 8);
  EXPECT_EQ(part.sizes().vec(), (std::vector<std::int64_t>{1, 4, 6, 8}));
  EXPECT_TRUE(at::allclose(part.slice(1, 0, 3).slice(2, 0, 4), whole, 1e-4, 1e-5))
      << "the same photo with padding beside it";
  EXPECT_TRUE(maskedSinePosition(at::ones({1, 2, 2}, at::kBool), 8).isfinite().all().item<bool>());
}

TEST(SwinRam, AnyPhotoSizeGivesFeaturesAndObjects) {
  Random random(1);
  const SwinRam body(tiny(), random);
  for (const auto& [height, width] : {std::pair(64, 48), {37, 51}, {8, 100}, {3, 5}}) {
    const Tensor photos = at::randn({2, 3, height, width});
    const auto output = body.forward(photos, nothingPadded(photos));
    ASSERT_EQ(output.features.size(), 3U);
    std::int64_t rows = (height + 3) / 4, columns = (width + 3) / 4;
    for (std::size_t i = 0; i < 3; ++i) {
      rows = (rows + 1) / 2;
      columns = (columns + 1) / 2;
      const std::int64_t channels = i == 2 ? 256 : 16 << i;
      EXPECT_EQ(output.features[i].sizes().vec(),
                (std::vector<std::int64_t>{2, channels, rows, columns}));
      EXPECT_TRUE(output.features[i].isfinite().all().item<bool>());
    }
    EXPECT_EQ(output.objects.sizes().vec(), (std::vector<std::int64_t>{2, 32, 5}));
    EXPECT_EQ(output.objectPositions.sizes().vec(), (std::vector<std::int64_t>{1, 12, 5}));
    EXPECT_TRUE(output.objects.isfinite().all().item<bool>());
  }
}

TEST(SwinRam, ObjectsSeeThePhotoInCrossingStagesOnly) {
  const Tensor photos = at::randn({2, 3, 32, 32});
  for (const bool crosses : {false, true}) {
    Random random(1);
    SwinRamConfig config = tiny();
    if (!crosses) config.crossStages = {};
    const SwinRam body(config, random);
    const Tensor objects = body.forward(photos, nothingPadded(photos)).objects;
    EXPECT_NE(at::allclose(objects[0], objects[1], 1e-4, 1e-5), crosses);
  }
}

TEST(SwinRam, ObjectTokensDoNotChangeFeatures) {
  Random random(1);
  SwinRam body(tiny(), random);
  const Tensor photos = at::randn({1, 3, 32, 40});
  const auto before = body.forward(photos, nothingPadded(photos));
  body.state().at("det_token").mul_(-3.0);
  const auto after = body.forward(photos, nothingPadded(photos));
  for (std::size_t i = 0; i < before.features.size(); ++i)
    EXPECT_TRUE(at::allclose(before.features[i], after.features[i], 1e-4, 1e-5)) << i;
  EXPECT_FALSE(at::allclose(before.objects, after.objects, 1e-4, 1e-5));
}

TEST(SwinRam, WhatIsPaddedChangesWhatObjectsSee) {
  Random random(1);
  SwinRamConfig config = tiny();
  config.crossStages = {0, 1, 2};
  const SwinRam body(config, random);
  const Tensor photos = at::randn({1, 3, 48, 96});
  Tensor padding = nothingPadded(photos);
  padding.slice(2, 48).fill_(true);
  const Tensor masked = body.forward(photos, padding).objects;
  EXPECT_FALSE(
      at::allclose(masked, body.forward(photos, nothingPadded(photos)).objects, 1e-4, 1e-5));
}

TEST(SwinRam, WithoutANeckTheLastStageIsTheLastFeature) {
  Random random(1);
  SwinRamConfig config = tiny();
  config.neck = false;
  SwinRam body(config, random);
  EXPECT_FALSE(body.state().contains("layers.2.downsample.reduction.weight"));
  const Tensor photos = at::randn({1, 3, 32, 32});
  const auto output = body.forward(photos, nothingPadded(photos));
  EXPECT_TRUE(at::equal(output.features[1], output.features[2]));
}

TEST(SwinRam, PhotosOfABatchDoNotSeeEachOther) {
  Random random(1);
  const SwinRam body(tiny(), random);
  const Tensor photos = at::randn({3, 3, 30, 44});
  const auto together = body.forward(photos, nothingPadded(photos));
  const Tensor second = photos.slice(0, 1, 2);
  const auto alone = body.forward(second, nothingPadded(second));
  EXPECT_TRUE(at::allclose(together.objects.slice(0, 1, 2), alone.objects, 1e-4, 1e-5));
  EXPECT_TRUE(at::allclose(together.features[0].slice(0, 1, 2), alone.features[0], 1e-4, 1e-5));
}

TEST(SwinRam, NumbersThatDoNotFitAreRefused) {
  Random random(1);
  SwinRamConfig config = tiny();
  config.heads = {1, 2};
  EXPECT_THROW(SwinRam(config, random), UsageError);
  config = tiny();
  config.heads = {3, 2, 4};
  EXPECT_THROW(SwinRam(config, random), UsageError);
  config = tiny();
  config.crossStages = {3};
  EXPECT_THROW(SwinRam(config, random), UsageError);
  config = tiny();
  config.embedDim = 3;
  config.heads = {1, 2, 4};
  config.crossStages = {0};
  EXPECT_THROW(SwinRam(config, random), UsageError) << "sine positions of three channels";
}

TEST(SwinRam, GradientAgreesWithNumericOne) {
  Random random(9);
  SwinRamConfig config = tiny();
  config.embedDim = 4;
  config.depths = {2, 1};
  config.heads = {1, 2};
  config.window = 2;
  config.objects = 2;
  config.positionDim = 4;
  config.crossStages = {1};
  SwinRam body(config, random);
  const Tensor padding = at::zeros({1, 12, 20}, at::kBool);
  expectGradient(
      body, at::randn({1, 3, 12, 20}),
      [&](const Tensor& x) {
        const auto output = body.forward(x, padding);
        return at::cat({output.objects.flatten(), output.features[0].flatten()});
      },
      97);
}

}  // namespace
}  // namespace inkling
