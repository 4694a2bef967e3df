#include "core/nn/operator_cost.h"

#include <cmath>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "core/nn/attention/attention.h"
#include "core/nn/layers.h"

namespace inkling {
namespace {

TEST(OperatorCost, CountsMatrixProducts) {
  Random random(1);
  const Linear linear(5, 7, random), plain(5, 7, random, false);
  const Tensor x = at::randn({2, 3, 5});
  EXPECT_EQ(multiplyAddsOf([&] { linear.forward(x); }), 2 * 3 * 5 * 7);
  EXPECT_EQ(multiplyAddsOf([&] { plain.forward(x); }), 2 * 3 * 5 * 7);
  EXPECT_EQ(multiplyAddsOf([&] { at::matmul(x, x.transpose(1, 2)); }), 2 * 3 * 5 * 3);
  EXPECT_EQ(multiplyAddsOf([&] { at::gelu(x + 1); }), 0);
}

TEST(OperatorCost, CountsConvolutions) {
  Random random(1);
  const Conv2d whole(4, 6, 3, 2, random);
  EXPECT_EQ(multiplyAddsOf([&] {
              whole.forward(at::randn({2, 4, 9, 9}));
            }),
            2 * 6 * 5 * 5 * 4 * 3 * 3);
  const Tensor filters = at::randn({4, 1, 3, 3});
  EXPECT_EQ(multiplyAddsOf([&] {
              at::conv2d(at::randn({1, 4, 8, 8}), filters, {}, 1, 1, 1, /*groups=*/4);
            }),
            4 * 8 * 8 * 9)
      << "a depthwise convolution";
}

TEST(OperatorCost, FusedAttentionCostsWhatItsTwoProductsCost) {
  const at::NoGradGuard noGrad;
  const Tensor q = at::randn({2, 4, 50, 8}), k = at::randn({2, 4, 30, 8});
  EXPECT_EQ(multiplyAddsOf([&] { at::scaled_dot_product_attention(q, k, k); }),
            2 * (2 * 4 * 50 * 30 * 8));
}

TEST(OperatorCost, HandWrittenKernelsTellByThemselves) {
  EXPECT_EQ(multiplyAddsOf([] { noteMultiplyAdds(42); }), 42);
  EXPECT_EQ(multiplyAddsOf([] {}), 0);
}

TEST(OperatorCost, PeakIsOfTensorsAliveAtOneTime) {
  const Tensor before = at::ones({1000});
  EXPECT_EQ(peakTensorBytesOf([] {}), 0);
  Tensor kept;
  const std::int64_t peak = peakTensorBytesOf([&] {
    { const Tensor first = at::empty({500}); }
    kept = at::empty({300});
    const Tensor beside = at::empty({100});
  });
  EXPECT_EQ(peak, 500 * 4) << "not the sum of all three";
  kept = Tensor();  // freed after the counting has ended
  const std::int64_t elsewhere =
      peakTensorBytesOf([] { std::thread([] { at::empty({700}); }).join(); });
  EXPECT_EQ(elsewhere, 700 * 4);
}

// What theory says of the mechanisms holds for what they really compute.
using Sides = std::pair<std::int64_t, std::int64_t>;

class MechanismCosts : public testing::TestWithParam<std::string> {};

TEST_P(MechanismCosts, MultiplyAddsGrowAsTheorySays) {
  const at::NoGradGuard noGrad;
  const auto costAt = [&](std::int64_t side) {
    Random random(1);
    const auto attention =
        makeSelfAttention({GetParam(), 16, 2, 0, 1, TokenGrid{side, side}}, random);
    const Tensor x = at::randn({1, side * side, 16});
    return static_cast<double>(multiplyAddsOf([&] {
      attention->forward(x, TokenGrid{side, side});
    }));
  };
  // Regions grow in steps, which level out over a wide range alone.
  const auto [small, large] = GetParam() == "bilevel-routing" ? Sides(32, 160)
                              : GetParam() == "dynamic"       ? Sides(16, 32)
                                                              : Sides(32, 64);
  const double exponent = std::log(costAt(large) / costAt(small)) /
                          (2 * std::log(static_cast<double>(large) / static_cast<double>(small)));
  EXPECT_NEAR(exponent, theoreticalExponent(GetParam()), 0.2);
}

INSTANTIATE_TEST_SUITE_P(All, MechanismCosts, testing::ValuesIn(attentionMechanisms()),
                         [](const auto& each) {
                           std::string name = each.param;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace inkling
