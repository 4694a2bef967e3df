#include "core/nn/attention/bilevel_routing.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/nn/gradient_check.h"

namespace inkling {
namespace {

const std::vector<TokenGrid> kGrids{{1, 1}, {1, 9}, {5, 3}, {7, 7}, {13, 20}, {16, 16}, {33, 2}};

std::string name(TokenGrid grid) {
  return std::to_string(grid.height) + " x " + std::to_string(grid.width);
}

Tensor tokens(std::int64_t batch, TokenGrid grid, std::int64_t dim) {
  return at::randn({batch, grid.count(), dim});
}

TEST(RegionCut, JoiningWhatWasCutGivesItBack) {
  for (const TokenGrid grid : kGrids) {
    for (const TokenGrid region : {TokenGrid{1, 1}, {2, 2}, {4, 3}, {40, 40}}) {
      const RegionCut cut{grid, region};
      const Tensor x = tokens(2, grid, 3), regions = cutIntoRegions(x, cut);
      EXPECT_EQ(regions.size(1), cut.regions().count());
      EXPECT_TRUE(at::equal(joinRegions(regions, cut), x)) << name(grid);
      const Tensor inside = insideGrid(cut, x);
      const std::int64_t counted =
          inside.defined() ? inside.sum().item<std::int64_t>() : regions.size(1) * regions.size(2);
      EXPECT_EQ(counted, grid.count()) << name(grid);
    }
  }
}

TEST(RegionCut, RegionsAreNumberedRowByRow) {
  const RegionCut cut{{3, 5}, {2, 2}};  // 2 x 3 regions
  const Tensor x = at::arange(15, at::kFloat).view({1, 15, 1});
  const Tensor regions = cutIntoRegions(x, cut).squeeze(-1)[0];
  EXPECT_TRUE(at::equal(regions[0], at::tensor({0.0F, 1.0F, 5.0F, 6.0F})));
  EXPECT_TRUE(at::equal(regions[2], at::tensor({4.0F, 0.0F, 9.0F, 0.0F})));    // cut at the right
  EXPECT_TRUE(at::equal(regions[3], at::tensor({10.0F, 11.0F, 0.0F, 0.0F})));  // and below
}

// With all regions chosen, routing is no restriction: plain attention at the scale of the full
// width, plus the convolution.
TEST(BiLevelRouting, AllRegionsChosenIsPlainAttention) {
  Random random(4);
  BiLevelRoutingOptions options{.dim = 12, .heads = 3, .regionsPerSide = 2, .choices = 4};
  options.sideKernel = 0;
  BiLevelRoutingAttention attention(options, random);
  const Tensor x = at::randn({2, 4, 6, 12});
  StateDict state = attention.state();
  const auto parts =
      at::linear(x.flatten(1, 2), state.at("qkv.qkv.weight"), state.at("qkv.qkv.bias"))
          .view({2, 24, 3, 3, 4})
          .permute({2, 0, 3, 1, 4})
          .unbind(0);
  const Tensor weights =
      at::softmax(at::matmul(parts[0], parts[1].transpose(-1, -2)) / std::sqrt(12.0), -1);
  const Tensor expected = at::linear(at::matmul(weights, parts[2]).transpose(1, 2).flatten(2),
                                     state.at("wo.weight"), state.at("wo.bias"));
  EXPECT_TRUE(at::allclose(attention.forward(x).output.flatten(1, 2), expected, 1e-4, 1e-5));
}

TEST(BiLevelRouting, PoolingRegionsOfEqualTokensChangesNothing) {
  // Every region holds one token's copies, so any pooling of keys gives the same softmax.
  const Tensor x = at::randn({1, 2, 2, 8}).repeat_interleave(4, 1).repeat_interleave(4, 2);
  Tensor expected;
  for (const std::string mode : {"identity", "ada_avgpool", "ada_maxpool", "avgpool", "maxpool"}) {
    Random random(4);
    BiLevelRoutingOptions options{.dim = 8, .heads = 2, .regionsPerSide = 2, .choices = 2};
    options.keyPooling = mode;
    options.pooledSide = 3;
    options.poolRatio = 2;
    const Tensor y = BiLevelRoutingAttention(options, random).forward(x).output;
    if (!expected.defined()) expected = y;
    EXPECT_TRUE(at::allclose(y, expected, 1e-4, 1e-5)) << mode;
  }
}

TEST(BiLevelRouting, TheTwoOfficialFormsDifferOnlyWhereRegionsDoNotDivide) {
  const std::int64_t dim = 8;
  Random random(4);
  const BiLevelRoutingOptions options{
      .dim = dim, .heads = 2, .regionsPerSide = 3, .choices = 2, .autoPad = true};
  BiLevelRoutingAttention older(options, random);
  NchwBiLevelRoutingAttention newer(options, random);
  StateDict state = older.state();
  newer.load({{"lepe.weight", state.at("lepe.weight")},
              {"lepe.bias", state.at("lepe.bias")},
              {"qkv_linear.weight", state.at("qkv.qkv.weight").view({3 * dim, dim, 1, 1})},
              {"qkv_linear.bias", state.at("qkv.qkv.bias")},
              {"output_linear.weight", state.at("wo.weight").view({dim, dim, 1, 1})},
              {"output_linear.bias", state.at("wo.bias")}},
             "older");
  for (const TokenGrid grid : {TokenGrid{6, 9}, {7, 9}}) {
    const Tensor x = at::randn({2, grid.height, grid.width, dim});
    const Tensor a = older.forward(x).output;
    const Tensor b = newer.forward(x.permute({0, 3, 1, 2})).output.permute({0, 2, 3, 1});
    ASSERT_EQ(a.sizes().vec(), b.sizes().vec());
    EXPECT_EQ(at::allclose(a, b, 1e-4, 1e-5), grid.height % 3 == 0) << name(grid);
  }
}

TEST(BiLevelRouting, WhatTheOfficialModulesRefuseIsRefused) {
  Random random(1);
  const auto make = [&](auto change) {
    BiLevelRoutingOptions options{.dim = 8, .heads = 2, .regionsPerSide = 2, .choices = 1};
    change(options);
    return std::make_unique<BiLevelRoutingAttention>(options, random);
  };
  EXPECT_THROW(make([](auto& o) { o.heads = 3; }), UsageError);
  EXPECT_THROW(make([](auto& o) { o.queryDim = 7; }), UsageError);
  EXPECT_THROW(make([](auto& o) { o.diffRouting = true; }), UsageError);
  EXPECT_THROW(make([](auto& o) { o.paramRouting = true; }), UsageError);
  EXPECT_THROW(make([](auto& o) { o.sideKernel = 4; }), UsageError);
  EXPECT_THROW(make([](auto& o) { o.keyPooling = "fracpool"; }), UsageError);
  EXPECT_THROW(make([](auto& o) { o.choices = 0; }), UsageError);
  EXPECT_THROW(make([](auto&) {})->forward(at::randn({1, 3, 4, 8})), InputError);
  EXPECT_THROW(make([](auto& o) { o.choices = 5; })->forward(at::randn({1, 4, 4, 8})), InputError);
  EXPECT_THROW(make([](auto& o) { o.keyPooling = "avgpool"; })->forward(at::randn({1, 4, 4, 8})),
               InputError);
  const NchwBiLevelRoutingAttention newer({.dim = 8, .heads = 2, .regionsPerSide = 3, .choices = 1},
                                          random);
  EXPECT_THROW(newer.forward(at::randn({1, 8, 2, 9})), InputError);
}

TEST(BiLevelRouting, GradientsAgreeWithNumericOnes) {
  for (const bool soft : {false, true}) {
    Random random(9);
    BiLevelRoutingOptions options{.dim = 6, .heads = 2, .regionsPerSide = 2, .choices = 2};
    options.autoPad = true;
    options.queryDim = 4;
    options.softRouting = options.diffRouting = options.paramRouting = soft;
    options.keyPooling = soft ? "ada_avgpool" : "identity";
    options.pooledSide = 1;
    BiLevelRoutingAttention attention(options, random);
    expectGradient(
        attention, at::randn({2, 3, 5, 6}),
        [&](const Tensor& x) { return attention.forward(x).output; }, 7);
  }
  Random random(9);
  NchwBiLevelRoutingAttention attention({.dim = 6, .heads = 2, .regionsPerSide = 2, .choices = 2},
                                        random);
  expectGradient(
      attention, at::randn({2, 6, 3, 5}),
      [&](const Tensor& x) { return attention.forward(x).output; }, 7);
}

class BiLevelRoutingMechanism : public testing::Test {
 protected:
  BiLevelRoutingSelfAttention make(std::int64_t dim = 16, std::int64_t heads = 4) {
    Random random(3);
    return BiLevelRoutingSelfAttention({"bilevel-routing", dim, heads}, random);
  }
};

TEST_F(BiLevelRoutingMechanism, RegionsGrowSlowlyWithTheGrid) {
  const auto sides = [](TokenGrid grid) {
    const TokenGrid region = BiLevelRoutingSelfAttention::cutOf(grid).region;
    return std::pair(region.height, region.width);
  };
  EXPECT_EQ(sides({1, 1}), std::pair(1L, 1L));
  EXPECT_EQ(sides({1, 9}), std::pair(1L, 2L));
  EXPECT_EQ(sides({32, 32}), std::pair(4L, 4L));
  EXPECT_EQ(sides({128, 128}), std::pair(6L, 6L));
  // Token pairs plus region pairs, against N^(4/3): bounded both ways.
  for (std::int64_t side = 16; side <= 1024; side *= 2) {
    const RegionCut cut = BiLevelRoutingSelfAttention::cutOf({side, side});
    const auto n = static_cast<double>(side * side),
               regions = static_cast<double>(cut.regions().count());
    const double cost =
        n * BiLevelRoutingSelfAttention::kChoices * static_cast<double>(cut.region.count()) +
        regions * regions;
    EXPECT_GT(cost / std::pow(n, 4.0 / 3.0), 5) << side;
    EXPECT_LT(cost / std::pow(n, 4.0 / 3.0), 30) << side;
  }
}

// The kernel against the operators: the same parameters, once with gradients recorded.
TEST_F(BiLevelRoutingMechanism, KernelAgreesWithTheOperators) {
  for (const auto& [dim, heads] :
       {std::pair<std::int64_t, std::int64_t>{16, 4}, {128, 4}, {21, 3}}) {
    auto attention = make(dim, heads);
    Random random(5);
    attention.visit([&](const std::string&, Tensor& tensor, Module::Kind) {
      tensor.add_(truncatedNormal(tensor.sizes(), 0.2, random));  // biases too
    });
    for (const TokenGrid grid : kGrids) {
      const Tensor x = tokens(2, grid, dim);
      const Tensor recorded =
          attention.forward(x.clone().requires_grad_(true), grid).tokens.detach();
      const at::NoGradGuard noGrad;
      EXPECT_TRUE(at::allclose(attention.forward(x, grid).tokens, recorded, 1e-4, 1e-5))
          << name(grid) << ", width " << dim;
    }
  }
}

TEST_F(BiLevelRoutingMechanism, GradientsAreRecordedWheneverAParameterWantsThem) {
  for (const std::string wanted : {"qkv.weight", "local.weight", "local.bias", "output.weight"}) {
    auto attention = make();
    Tensor parameter = attention.state().at(wanted).requires_grad_(true);
    attention.forward(tokens(1, {4, 4}, 16), {4, 4}).tokens.square().sum().backward();
    ASSERT_TRUE(parameter.grad().defined()) << wanted;
    EXPECT_GT(parameter.grad().abs().max().item<float>(), 0) << wanted;
  }
}

TEST_F(BiLevelRoutingMechanism, TokensLookAtChosenRegionsOnly) {
  const auto attention = make();
  for (const TokenGrid grid : kGrids) {
    const auto result = attention.forward(tokens(2, grid, 16), grid, {.map = true});
    const RegionCut cut = BiLevelRoutingSelfAttention::cutOf(grid);
    ASSERT_EQ(result.regionGrid.count(), cut.regions().count());
    const std::int64_t choices = result.regions.size(2);
    EXPECT_EQ(choices, std::min<std::int64_t>(8, cut.regions().count()));
    const auto regionOf = [&](std::int64_t token) {
      return token / grid.width / cut.region.height * result.regionGrid.width +
             token % grid.width / cut.region.width;
    };
    const auto chosen = result.regions.accessor<std::int64_t, 3>();
    const auto map = result.map.accessor<float, 4>();
    for (std::int64_t i = 0; i < grid.count(); i += 3) {
      for (std::int64_t j = 0; j < grid.count(); ++j) {
        bool sees = false;
        for (std::int64_t c = 0; c < choices; ++c)
          sees = sees || chosen[1][regionOf(i)][c] == regionOf(j);
        ASSERT_EQ(map[1][2][i][j] > 0, sees) << name(grid) << ": " << i << " at " << j;
      }
    }
  }
}

// A region is put at each of two ends of the grid; the others are noise. Those two find each other,
// wherever they are.
TEST_F(BiLevelRoutingMechanism, LikeRegionsFindEachOther) {
  const std::int64_t dim = 16;
  auto attention = make(dim, 4);
  attention.state().at("qkv.weight").slice(0, 0, dim).copy_(at::eye(dim));
  attention.state().at("qkv.weight").slice(0, dim, 2 * dim).copy_(at::eye(dim));
  const TokenGrid grid{32, 32};
  Tensor x = at::randn({1, 32, 32, dim}) * 0.1;
  const Tensor mark = at::ones({dim});
  x.slice(1, 0, 4).slice(2, 0, 4) += mark;
  x.slice(1, 28, 32).slice(2, 24, 28) += mark;
  const auto result = attention.forward(x.view({1, 1024, dim}), grid, {.map = true});
  const std::int64_t first = 0, last = 7 * 8 + 6;
  for (const std::int64_t region : {first, last}) {
    const Tensor best = std::get<0>(result.regions[0][region].slice(0, 0, 2).sort());
    EXPECT_TRUE(at::equal(best, at::tensor({first, last}, at::kLong)));
  }
}

TEST_F(BiLevelRoutingMechanism, DoublePrecisionIsComputedInDoublePrecision) {
  auto attention = make();
  const Tensor x = tokens(1, {5, 3}, 16);
  const Tensor single = attention.forward(x, {5, 3}).tokens;
  toDouble(attention);
  const Tensor exact = attention.forward(x.to(at::kDouble), {5, 3}).tokens;
  EXPECT_EQ(exact.scalar_type(), at::kDouble);
  EXPECT_TRUE(at::allclose(single.to(at::kDouble), exact, 1e-4, 1e-5));
}

}  // namespace
}  // namespace inkling
