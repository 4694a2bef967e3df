#include "core/nn/biformer_block.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/nn/gradient_check.h"

namespace inkling {
namespace {

BiFormerBlockOptions small() {
  BiFormerBlockOptions options;
  options.attention.dim = 8;
  options.attention.heads = 2;
  options.attention.regionsPerSide = 2;
  options.attention.autoPad = true;
  options.attention.keyPooling = "identity";
  options.topk = 2;
  options.mlpRatio = 1.5;
  return options;
}

TEST(BiFormerBlock, EveryKindOfAttentionKeepsTheShape) {
  for (const std::int64_t topk : {2, 0, -1, -2}) {
    for (const bool preNorm : {true, false}) {
      BiFormerBlockOptions options = small();
      options.topk = topk;
      options.preNorm = preNorm;
      options.layerScale = 0.5;
      options.mlpConvolution = true;
      Random random(1);
      BiFormerBlock block(options, random);
      for (const auto& [height, width] :
           {std::pair<std::int64_t, std::int64_t>{1, 1}, {5, 3}, {7, 7}}) {
        const Tensor x = at::randn({2, 8, height, width}), y = block.forward(x);
        ASSERT_EQ(y.sizes().vec(), x.sizes().vec()) << topk;
        EXPECT_TRUE(y.isfinite().all().item<bool>()) << topk;
      }
    }
  }
}

TEST(BiFormerBlock, GradientsAgreeWithNumericOnes) {
  for (const std::int64_t topk : {2, 0, -1, -2}) {
    BiFormerBlockOptions options = small();
    options.topk = topk;
    options.layerScale = topk == 2 ? 0.5 : -1;
    options.preNorm = topk != 0;
    options.mlpConvolution = topk == -1;
    Random random(9);
    BiFormerBlock block(options, random);
    expectGradient(
        block, at::randn({2, 8, 3, 4}), [&](const Tensor& x) { return block.forward(x); }, 11);
  }
}

TEST(BiFormerBlock, NamesAreTheOfficialOnes) {
  const auto names = [](std::int64_t topk) {
    BiFormerBlockOptions options = small();
    options.topk = topk;
    Random random(1);
    BiFormerBlock block(options, random);
    std::set<std::string> result;
    for (const auto& [name, tensor] : block.state()) result.insert(name);
    return result;
  };
  EXPECT_TRUE(names(2).contains("attn.qkv.qkv.weight"));
  EXPECT_TRUE(names(-1).contains("attn.proj.bias"));
  EXPECT_FALSE(names(-1).contains("attn.lepe.weight"));
  EXPECT_TRUE(names(-2).contains("attn.lepe.weight"));
  EXPECT_FALSE(names(-2).contains("attn.qkv.bias"));
  EXPECT_TRUE(names(0).contains("attn.2.weight"));
  EXPECT_TRUE(names(0).contains("mlp.3.weight"));
}

TEST(BiFormerBlock, PathsAreDroppedInTrainingOnlyAndOnAverageNothingChanges) {
  BiFormerBlockOptions options = small();
  options.dropPath = 0.5;
  options.positionKernel = 0;
  Random random(1);
  BiFormerBlock block(options, random);
  const Tensor x = at::randn({1, 8, 4, 4}).expand({400, -1, -1, -1});
  const Tensor still = block.forward(x);
  EXPECT_TRUE(at::equal(still[0], still[1]));
  block.setTraining(true);
  const Tensor dropped = block.forward(x);
  std::int64_t untouched = 0;
  for (std::int64_t i = 0; i < 400; ++i) untouched += at::equal(dropped[i], x[i]);
  EXPECT_NEAR(static_cast<double>(untouched), 100, 45) << "both skipped: one photo in four";
}

TEST(BiFormerBlock, WhatTheOfficialBlockRefusesIsRefused) {
  const auto make = [](auto change) {
    BiFormerBlockOptions options = small();
    change(options);
    Random random(1);
    BiFormerBlock block(options, random);
  };
  EXPECT_NO_THROW(make([](auto&) {}));
  EXPECT_THROW(make([](auto& o) { o.topk = -3; }), UsageError);
  EXPECT_THROW(make([](auto& o) { o.positionKernel = 5; }), UsageError);
  EXPECT_THROW(make([](auto& o) { o.topk = -2, o.attention.dim = 12; }), UsageError);
}

}  // namespace
}  // namespace inkling
