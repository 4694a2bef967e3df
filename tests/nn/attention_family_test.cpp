// What every self-attention mechanism promises (core/nn/attention/attention.h).
#include <algorithm>
#include <span>

#include <gtest/gtest.h>

#include "core/nn/attention/attention.h"
#include "tests/nn/gradient_check.h"

namespace inkling {
namespace {

constexpr std::int64_t kDim = 16, kHeads = 4;
const std::vector<TokenGrid> kGrids{{1, 1}, {1, 7}, {5, 3}, {7, 7}, {8, 8}, {13, 20}, {2, 33}};

class AttentionFamily : public testing::TestWithParam<std::string> {
 protected:
  AttentionConfig config(std::int64_t layer = 0, std::int64_t layers = 1) const {
    return {.mechanism = GetParam(),
            .dim = kDim,
            .heads = kHeads,
            .layer = layer,
            .layers = layers,
            .grid = {8, 8}};
  }
  std::unique_ptr<SelfAttention> make(std::uint64_t seed = 3) const {
    Random random(seed);
    return makeSelfAttention(config(), random);
  }
  static Tensor photos(std::int64_t batch, TokenGrid grid) {
    return at::randn({batch, grid.count(), kDim});
  }
  static std::string name(TokenGrid grid) {
    return std::to_string(grid.height) + " x " + std::to_string(grid.width);
  }
};

TEST_P(AttentionFamily, AnyGridGivesFiniteTokensOfTheSameShape) {
  const auto attention = make();
  for (const TokenGrid grid : kGrids) {
    for (const std::int64_t batch : {1, 3}) {
      const Tensor x = photos(batch, grid);
      const AttentionResult result = attention->forward(x, grid);
      ASSERT_EQ(result.tokens.sizes().vec(), x.sizes().vec()) << name(grid);
      EXPECT_TRUE(result.tokens.isfinite().all().item<bool>()) << name(grid);
      EXPECT_FALSE(result.map.defined()) << "costs memory, and was not asked for";
    }
  }
}

TEST_P(AttentionFamily, RowsOfTheMapAreProbabilitiesOverTheTokens) {
  const auto attention = make();
  for (const TokenGrid grid : kGrids) {
    const Tensor map = attention->forward(photos(2, grid), grid, {.map = true}).map;
    ASSERT_EQ(map.dim(), 4) << name(grid);
    EXPECT_EQ(map.size(0), 2);
    EXPECT_GE(map.size(1), 1);
    EXPECT_EQ(map.size(2), grid.count());
    EXPECT_EQ(map.size(3), grid.count());
    EXPECT_GE(map.min().item<float>(), 0.0F) << name(grid);
    const Tensor sums = map.sum(-1);
    EXPECT_TRUE(at::allclose(sums, at::ones_like(sums), 1e-4, 1e-5)) << name(grid);
  }
}

// With the map, without it, with gradients: several ways to compute, one result.
TEST_P(AttentionFamily, TokensAreTheSameHoweverTheyAreComputed) {
  const auto attention = make();
  for (const TokenGrid grid : kGrids) {
    const Tensor x = photos(2, grid);
    const Tensor recorded = attention->forward(x.clone().requires_grad_(true), grid).tokens;
    const at::NoGradGuard noGrad;
    const Tensor plain = attention->forward(x, grid).tokens;
    const Tensor mapped = attention->forward(x, grid, {.map = true}).tokens;
    EXPECT_TRUE(at::allclose(plain, mapped, 1e-4, 1e-5)) << name(grid);
    EXPECT_TRUE(at::allclose(plain, recorded, 1e-4, 1e-5)) << name(grid);
    EXPECT_TRUE(at::equal(plain, attention->forward(x, grid).tokens)) << "no chance is involved";
  }
}

TEST_P(AttentionFamily, PhotosOfABatchDoNotSeeEachOther) {
  const auto attention = make();
  for (const TokenGrid grid : kGrids) {
    const Tensor x = photos(3, grid);
    const AttentionResult together = attention->forward(x, grid, {.map = true});
    for (std::int64_t i = 0; i < 3; ++i) {
      const AttentionResult alone = attention->forward(x.slice(0, i, i + 1), grid, {.map = true});
      EXPECT_TRUE(at::allclose(together.tokens.slice(0, i, i + 1), alone.tokens, 1e-4, 1e-5))
          << name(grid);
      EXPECT_TRUE(at::allclose(together.map.slice(0, i, i + 1), alone.map, 1e-4, 1e-5))
          << name(grid);
    }
  }
}

TEST_P(AttentionFamily, ATokenLearnsFromOthers) {
  const auto attention = make();
  Tensor x = photos(1, {5, 3}).requires_grad_(true);
  attention->forward(x, {5, 3}).tokens[0][7].square().sum().backward();
  const Tensor influence = x.grad().abs().sum(-1)[0];  // [N]
  EXPECT_GT((influence > 0).sum().item<std::int64_t>(), 1);
}

TEST_P(AttentionFamily, MemoryLaidOutOtherwiseGivesTheSame) {
  const auto attention = make();
  const Tensor x = photos(2, {5, 3});
  const Tensor across = x.permute({2, 1, 0}).contiguous().permute({2, 1, 0});
  ASSERT_FALSE(across.is_contiguous());
  const at::NoGradGuard noGrad;
  EXPECT_TRUE(at::allclose(attention->forward(x, {5, 3}).tokens,
                           attention->forward(across, {5, 3}).tokens, 1e-4, 1e-5));
}

TEST_P(AttentionFamily, BlankPhotosStayFiniteAndSoDoTheirGradients) {
  for (const double value : {0.0, 1.0, 1000.0}) {
    const auto attention = make();
    attention->requireGradients(true);
    const Tensor x = at::full({2, 15, kDim}, value, at::kFloat).requires_grad_(true);
    const AttentionResult result = attention->forward(x, {5, 3}, {.map = true});
    EXPECT_TRUE(result.tokens.isfinite().all().item<bool>()) << value;
    EXPECT_TRUE(result.map.isfinite().all().item<bool>()) << value;
    result.tokens.square().sum().backward();
    EXPECT_TRUE(x.grad().isfinite().all().item<bool>()) << value;
    for (const Tensor& parameter : attention->parameters()) {
      const bool finite =
          !parameter.grad().defined() || parameter.grad().isfinite().all().item<bool>();
      EXPECT_TRUE(finite) << value;
    }
  }
}

TEST_P(AttentionFamily, GradientAgreesWithNumericOne) {
  for (const TokenGrid grid : {TokenGrid{4, 5}, {1, 3}}) {
    const auto attention = make(9);
    expectGradient(
        *attention, photos(2, grid),
        [&](const Tensor& x) { return attention->forward(x, grid).tokens; }, 37);
  }
}

TEST_P(AttentionFamily, EveryParameterIsTrained) {
  const auto attention = make();
  attention->requireGradients(true);
  const Tensor x = photos(4, {8, 8});
  (attention->forward(x, {8, 8}).tokens * at::randn_like(x)).sum().backward();
  std::int64_t trained = 0;
  attention->visit([&](const std::string& tensor, Tensor& value, Module::Kind kind) {
    if (kind != Module::Kind::kParameter) return;
    ++trained;
    // A bias of keys changes no softmax: its gradient may be nothing but rounding.
    ASSERT_TRUE(value.grad().defined()) << tensor;
    EXPECT_GT(value.grad().abs().max().item<float>(), 0.0F) << tensor;
  });
  EXPECT_GT(trained, 0);
}

TEST_P(AttentionFamily, StateIsTheWholeMechanism) {
  const auto first = make(3), second = make(4);
  const Tensor x = photos(2, {5, 3});
  const Tensor expected = first->forward(x, {5, 3}).tokens;
  EXPECT_FALSE(at::allclose(second->forward(x, {5, 3}).tokens, expected, 1e-4, 1e-5));
  const std::string file = encodeSafetensors({first->state(), {}});
  second->load(decodeSafetensors(std::as_bytes(std::span(file)), "test").tensors, "test");
  EXPECT_TRUE(at::equal(second->forward(x, {5, 3}).tokens, expected));
  EXPECT_TRUE(at::equal(make(3)->forward(x, {5, 3}).tokens, expected)) << "the seed is all chance";
}

// Several layers in one pass, as in the guided encoder.
TEST_P(AttentionFamily, LayersFollowEachOtherInOnePass) {
  Random random(3);
  std::vector<std::unique_ptr<SelfAttention>> layers;
  for (std::int64_t i = 0; i < 3; ++i) layers.push_back(makeSelfAttention(config(i, 3), random));
  for (const TokenGrid grid : kGrids) {
    const Tensor x = photos(2, grid);
    const auto run = [&](bool map) {
      AttentionPass pass{.map = map};
      Tensor y = x;
      for (const auto& layer : layers) {
        const AttentionResult result = layer->forward(y, grid, pass);
        EXPECT_EQ(result.map.defined(), map);
        y = y + result.tokens;
      }
      return y;
    };
    EXPECT_TRUE(at::allclose(run(false), run(true), 1e-3, 1e-4)) << name(grid);
  }
}

// A few steps down the gradient bring the output nearer to what is wanted.
TEST_P(AttentionFamily, Learns) {
  const auto attention = make();
  attention->requireGradients(true);
  const Tensor x = photos(2, {4, 5}), wanted = photos(2, {4, 5});
  const auto loss = [&] { return (attention->forward(x, {4, 5}).tokens - wanted).square().mean(); };
  const double before = loss().item<double>();
  for (int step = 0; step < 30; ++step) {
    for (Tensor& parameter : attention->parameters()) parameter.mutable_grad() = Tensor();
    loss().backward();
    const at::NoGradGuard noGrad;
    for (Tensor& parameter : attention->parameters()) parameter.sub_(parameter.grad(), 0.05);
  }
  EXPECT_LT(loss().item<double>(), 0.98 * before);
}

std::string testName(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Mechanisms, AttentionFamily, testing::ValuesIn(attentionMechanisms()),
                         testName);

}  // namespace
}  // namespace inkling
