#include "core/nn/attention/additive.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/nn/gradient_check.h"

namespace inkling {
namespace {

TEST(Additive, WeightsHaveLengthOneOverTheTokensAndTheGlobalQueryIsTheirSum) {
  Random random(3);
  const AdditiveAttention attention(12, 8, 2, random);
  const Tensor x = at::randn({3, 10, 12});
  const auto result = attention.forward(x);
  EXPECT_EQ(result.tokens.sizes().vec(), (std::vector<std::int64_t>{3, 10, 8}));
  EXPECT_TRUE(at::allclose(result.weights.square().sum(1), at::ones({3, 1}), 1e-4, 1e-5));
  EXPECT_GT(result.weights.max().item<float>(), 0.0F);
  EXPECT_LT(result.weights.min().item<float>(), 0.0F) << "no softmax: weights may be negative";
  const Tensor projected = attention.to_query.forward(x);
  const Tensor query = projected / projected.norm(2, -1, true);
  EXPECT_TRUE(at::allclose((query * result.weights).sum(1), result.globalQuery, 1e-4, 1e-5));
}

// The output of a token depends on the others through the global query alone: swapping two other
// tokens changes nothing, changing one does.
TEST(Additive, OtherTokensCountThroughTheirSumOnly) {
  Random random(3);
  const auto attention = makeSelfAttention({"additive", 16, 4}, random);
  const Tensor x = at::randn({1, 6, 16});
  const Tensor y = attention->forward(x, {2, 3}).tokens;
  const Tensor order = at::tensor({0, 2, 1, 5, 4, 3}, at::kLong);
  const Tensor swapped = attention->forward(x.index_select(1, order), {2, 3}).tokens;
  EXPECT_TRUE(at::allclose(swapped, y.index_select(1, order), 1e-4, 1e-5));
  Tensor changed = x.clone();
  changed[0][5] += 1.0;
  const Tensor other = attention->forward(changed, {2, 3}).tokens;
  EXPECT_GT((other - y)[0][0].abs().max().item<float>(), 1e-4F);
}

// The row of the map is each token's part of the global query, measured here by leaving it out.
TEST(Additive, TheMapIsTheLengthOfWhatEachTokenGivesToTheGlobalQuery) {
  Random random(5);
  AdditiveSelfAttention attention({"additive", 16, 4}, random);
  AdditiveAttention same(16, 16, 1, random);
  same.load(attention.state(), "test", "attention.");
  const Tensor x = at::randn({2, 12, 16});
  const Tensor map = attention.forward(x, {3, 4}, {.map = true}).map;
  ASSERT_EQ(map.sizes().vec(), (std::vector<std::int64_t>{2, 1, 12, 12}));
  const auto result = same.forward(x);
  const Tensor projected = same.to_query.forward(x);
  const Tensor query = projected / projected.norm(2, -1, true);
  const Tensor length = (query * result.weights).norm(2, -1);  // [B, N]
  const Tensor share = length / length.sum(-1, true);
  for (std::int64_t row = 0; row < 12; ++row)
    EXPECT_TRUE(at::allclose(map.select(1, 0).select(1, row), share, 1e-4, 1e-6)) << row;
}

TEST(Additive, RowsOfTheMapAreStoredOnce) {
  Random random(5);
  const auto attention = makeSelfAttention({"additive", 16, 4}, random);
  const Tensor map = attention->forward(at::randn({1, 64, 16}), {8, 8}, {.map = true}).map;
  EXPECT_EQ(map.storage().nbytes(), 64 * sizeof(float));
}

TEST(Additive, TokensWithoutAnyWeightAreSharedEvenly) {
  Random random(5);
  AdditiveSelfAttention attention({"additive", 8, 2}, random);
  attention.state().at("attention.w_g").zero_();
  const auto result = attention.forward(at::randn({1, 6, 8}), {2, 3}, {.map = true});
  EXPECT_TRUE(result.tokens.isfinite().all().item<bool>());
  EXPECT_TRUE(at::allclose(result.map, at::full({1, 1, 6, 6}, 1.0 / 6.0)));
}

TEST(Additive, OneTokenGivesAllOfItsOwnQuery) {
  Random random(5);
  const AdditiveAttention attention(8, 8, 1, random);
  const auto result = attention.forward(at::randn({2, 1, 8}));
  EXPECT_TRUE(at::allclose(result.weights.abs(), at::ones({2, 1, 1})));
  EXPECT_TRUE(at::allclose(result.globalQuery.norm(2, -1), at::ones({2})));
}

TEST(Additive, TokensOfZeroAndHugeTokensStayFinite) {
  Random random(5);
  const auto attention = makeSelfAttention({"additive", 8, 2}, random);
  for (const double size : {0.0, 1e-12, 1e12}) {
    const auto result = attention->forward(at::randn({1, 6, 8}) * size, {2, 3}, {.map = true});
    EXPECT_TRUE(result.tokens.isfinite().all().item<bool>()) << size;
    EXPECT_TRUE(at::allclose(result.map.sum(-1), at::ones({1, 1, 6}), 1e-4, 1e-5)) << size;
  }
}

// There is no N x N intermediate: 200,000 tokens would need 160 GB for one.
TEST(Additive, CostIsLinearInTheTokens) {
  Random random(5);
  const at::NoGradGuard noGrad;
  const auto attention = makeSelfAttention({"additive", 8, 2}, random);
  const Tensor y = attention->forward(at::randn({1, 200000, 8}), {400, 500}).tokens;
  EXPECT_TRUE(y.isfinite().all().item<bool>());
}

TEST(Additive, GradientAgreesWithNumericOne) {
  Random random(9);
  AdditiveAttention attention(6, 4, 2, random);
  expectGradient(
      attention, at::randn({2, 5, 6}), [&](const Tensor& x) { return attention.forward(x).tokens; },
      1);
}

}  // namespace
}  // namespace inkling
