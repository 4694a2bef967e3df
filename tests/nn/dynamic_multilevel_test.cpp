#include "core/nn/attention/dynamic_multilevel.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/nn/gradient_check.h"

namespace inkling {
namespace {

constexpr std::int64_t kDim = 8, kHeads = 3;

struct MultilevelTest : testing::Test {
  Random random{5};
  DynamicMultilevelSelfAttention attention{
      {.mechanism = "dynamic-multilevel", .dim = kDim, .heads = kHeads}, random};
  StateDict state = attention.state();

  /// Leaves only branch `kept` of the convolutions.
  void keepBranch(std::int64_t kept) {
    for (std::int64_t i = 0; i < kHeads; ++i) {
      if (i != kept) state.at("branches." + std::to_string(i) + ".weight").zero_();
    }
  }
  /// A gate that is the same for all photos.
  void freezeGate() {
    state.at("excite.weight").zero_();
    state.at("excite.bias").zero_();
  }
};

TEST_F(MultilevelTest, KernelSizesGrowFromHeadToHead) {
  EXPECT_EQ(DynamicMultilevelSelfAttention::kernels(4), (std::vector<std::int64_t>{3, 5, 7, 9}));
  for (std::int64_t i = 0; i < kHeads; ++i) {
    const Tensor& kernel = state.at("branches." + std::to_string(i) + ".weight");
    EXPECT_EQ(kernel.sizes().vec(), (std::vector<std::int64_t>{kDim, 1, 3 + 2 * i, 3 + 2 * i}));
  }
}

TEST_F(MultilevelTest, EachBranchReachesJustAsFarAsItsKernel) {
  const TokenGrid grid{9, 11};
  for (std::int64_t kept = 0; kept < kHeads; ++kept) {
    Random again(5);
    DynamicMultilevelSelfAttention one(
        {.mechanism = "dynamic-multilevel", .dim = kDim, .heads = kHeads}, again);
    state = one.state();
    keepBranch(kept);
    freezeGate();
    Tensor x = at::randn({1, grid.count(), kDim}).requires_grad_(true);
    const std::int64_t row = 4, column = 5, reach = kept + 1;
    one.forward(x, grid).tokens[0][row * grid.width + column].sum().backward();
    const Tensor influence = x.grad().abs().sum(-1).view({grid.height, grid.width});
    for (std::int64_t i = 0; i < grid.height; ++i) {
      for (std::int64_t j = 0; j < grid.width; ++j) {
        const bool within = std::abs(i - row) <= reach && std::abs(j - column) <= reach;
        EXPECT_EQ(influence[i][j].item<float>() > 0.0F, within)
            << "branch " << kept << " at " << i << ", " << j;
      }
    }
  }
}

TEST_F(MultilevelTest, TheGateLiesBetweenZeroAndOneAndDependsOnThePhoto) {
  const Tensor a = attention.gate(at::randn({2, 12, kDim}) * 3);
  EXPECT_EQ(a.sizes().vec(), (std::vector<std::int64_t>{2, kDim}));
  EXPECT_GT(a.min().item<float>(), 0.0F);
  EXPECT_LT(a.max().item<float>(), 1.0F);
  EXPECT_GT((a[0] - a[1]).abs().max().item<float>(), 0.01F);
}

// Beyond the reach of all kernels, a token still feels the photo through the gate, and only so.
TEST_F(MultilevelTest, FarTokensActThroughTheGateAlone) {
  const TokenGrid grid{1, 20};
  const Tensor x = at::randn({1, 20, kDim});
  Tensor changed = x.clone();
  changed[0][19] += 5.0;
  const auto first = [&](const Tensor& tokens) {
    return attention.forward(tokens, grid).tokens[0][0];
  };
  EXPECT_FALSE(at::allclose(first(x), first(changed), 1e-4, 1e-5));
  const Tensor ungated = first(x) / attention.gate(x)[0],
               alsoUngated = first(changed) / attention.gate(changed)[0];
  EXPECT_TRUE(at::allclose(ungated, alsoUngated, 1e-4, 1e-5));
}

TEST_F(MultilevelTest, AwayFromTheEdgeAShiftedPhotoGivesShiftedTokens) {
  freezeGate();
  const TokenGrid grid{16, 16};
  const Tensor photo = at::randn({1, 16, 16, kDim});
  const Tensor moved = photo.roll({2, 1}, {1, 2});
  const auto run = [&](const Tensor& image) {
    return attention.forward(image.view({1, 256, kDim}), grid).tokens.view({16, 16, kDim});
  };
  const Tensor y = run(photo).slice(0, 3, 9).slice(1, 3, 9);
  const Tensor z = run(moved).slice(0, 5, 11).slice(1, 4, 10);
  EXPECT_TRUE(at::allclose(y, z, 1e-4, 1e-5));
}

TEST_F(MultilevelTest, TheMapIsTheKernelsWeightAroundEachToken) {
  for (std::int64_t i = 0; i < kHeads; ++i)
    state.at("branches." + std::to_string(i) + ".weight").fill_(i % 2 == 0 ? -0.5 : 0.5);
  Tensor& small = state.at("branches.0.weight");
  small.select(2, 1).select(2, 1).fill_(2.0);  // the middle of 3 x 3 has four times the weight
  const Tensor map = attention.forward(at::randn({2, 30, kDim}), {5, 6}, {.map = true}).map;
  ASSERT_EQ(map.sizes().vec(), (std::vector<std::int64_t>{2, kHeads, 30, 30}));
  const Tensor middle = map[0][0][2 * 6 + 3].view({5, 6});
  EXPECT_NEAR(middle[2][3].item<float>(), 4.0 / 12.0, 1e-5);
  EXPECT_NEAR(middle[1][2].item<float>(), 1.0 / 12.0, 1e-5);
  EXPECT_NEAR(middle[4][3].item<float>(), 0.0, 1e-9) << "out of reach";
  const Tensor corner = map[1][0][0].view({5, 6});
  EXPECT_NEAR(corner[0][0].item<float>(), 4.0 / 7.0, 1e-5) << "three neighbours in the grid";
  EXPECT_NEAR(corner[1][1].item<float>(), 1.0 / 7.0, 1e-5);
  const Tensor wide = map[0][1][2 * 6 + 3].view({5, 6});
  EXPECT_NEAR(wide[0][1].item<float>(), 1.0 / 25.0, 1e-5);
  EXPECT_NEAR(wide[0][0].item<float>(), 0.0, 1e-9);
}

TEST_F(MultilevelTest, KernelsOfZeroStillHaveAMap) {
  for (std::int64_t i = 0; i < kHeads; ++i)
    state.at("branches." + std::to_string(i) + ".weight").zero_();
  const Tensor map = attention.forward(at::randn({1, 6, kDim}), {2, 3}, {.map = true}).map;
  EXPECT_TRUE(at::allclose(map.sum(-1), at::ones({1, kHeads, 6})));
}

TEST_F(MultilevelTest, GradientAgreesWithNumericOne) {
  expectGradient(attention, at::randn({2, 12, kDim}), [&](const Tensor& x) {
    return attention.forward(x, {3, 4}).tokens;
  });
}

}  // namespace
}  // namespace inkling
