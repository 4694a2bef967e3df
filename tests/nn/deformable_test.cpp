#include "core/nn/attention/deformable.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/nn/attention/ms_deformable.h"
#include "core/nn/attention/splat.h"
#include "tests/nn/gradient_check.h"

namespace inkling {
namespace {

using Bias = DeformableOptions::Bias;
using Code = DeformableOptions::Code;

DeformableOptions small(Code code, Bias bias) {
  DeformableOptions options;
  options.code = code;
  options.grid = {4, 6};
  options.heads = 4;
  options.headWidth = 2;
  options.groups = 2;
  options.stride = 2;
  options.kernel = 3;
  options.offsetRange = 2;
  options.bias = bias;
  return options;
}

TEST(Splat, PointsGiveToTheTokensAroundThem) {
  const TokenGrid grid{2, 3};
  const Tensor points =
      at::tensor({1.0F, 1.0F, 0.25F, 0.0F, 0.5F, 0.5F, -0.5F, 0.0F, 9.0F, 9.0F}).view({1, 1, 5, 2});
  const Tensor weights = at::eye(5).view({1, 1, 5, 5});  // query i looks at point i alone
  const Tensor map = splatWeights(weights, points, grid)[0][0];
  EXPECT_TRUE(at::allclose(map[0], at::tensor({0.F, 0.F, 0.F, 0.F, 1.F, 0.F})));
  EXPECT_TRUE(at::allclose(map[1], at::tensor({.75F, .25F, 0.F, 0.F, 0.F, 0.F})));
  EXPECT_TRUE(at::allclose(map[2], at::tensor({.25F, .25F, 0.F, .25F, .25F, 0.F})));
  EXPECT_TRUE(at::allclose(map[3], at::tensor({1.F, 0.F, 0.F, 0.F, 0.F, 0.F}))) << "half outside";
  EXPECT_TRUE(at::allclose(map[4], at::full({6}, 1.F / 6))) << "all outside";
}

TEST(Splat, ASampleIsWhatAllGroupsSaw) {
  const Tensor points = at::tensor({0.0F, 0.0F, 1.0F, 0.0F}).view({1, 2, 1, 2});
  const Tensor map = splatWeights(at::ones({1, 3, 1, 1}), points, {1, 3});
  for (std::int64_t head = 0; head < 3; ++head)
    EXPECT_TRUE(at::allclose(map[0][head][0], at::tensor({0.5F, 0.5F, 0.0F})));
}

TEST(Deformable, GradientsAgreeWithNumericOnes) {
  for (const Code code : {Code::kFirst, Code::kToday}) {
    for (const Bias bias :
         {Bias::kNone, Bias::kTable, Bias::kFixed, Bias::kContinuous, Bias::kConvolution}) {
      for (const double range : {2.0, -1.0}) {
        if (code == Code::kFirst && bias == Bias::kContinuous) continue;
        DeformableOptions options = small(code, bias);
        options.offsetRange = range;
        at::manual_seed(9);  // whatever ran before: a ReLU must not bend just where it is measured
        Random random(9);
        DeformableAttention attention(options, random);
        if (bias == Bias::kContinuous) {
          // Where a point is clamped to the corner token's place their distance is 0, and without a
          // bias that is where the ReLU bends.
          attention.state().at("rpe_table.0.bias").fill_(0.1);
        }
        SCOPED_TRACE(testing::Message() << "code " << static_cast<int>(code) << ", bias "
                                        << static_cast<int>(bias) << ", range " << range);
        expectGradient(
            attention, at::randn({2, 8, 4, 6}),
            [&](const Tensor& x) { return attention.forward(x).output; }, 23);
      }
    }
  }
}

TEST(Deformable, AskingForWeightsChangesNothing) {
  for (const Bias bias :
       {Bias::kNone, Bias::kTable, Bias::kFixed, Bias::kContinuous, Bias::kConvolution}) {
    Random random(9);
    const DeformableAttention attention(small(Code::kToday, bias), random);
    const Tensor x = at::randn({2, 8, 4, 6});
    const auto plain = attention.forward(x), weighed = attention.forward(x, true);
    EXPECT_FALSE(plain.weights.defined());
    EXPECT_TRUE(at::allclose(plain.output, weighed.output, 1e-4, 1e-5));
    EXPECT_TRUE(at::allclose(weighed.weights.sum(-1), at::ones({2, 4, 24}), 1e-4, 1e-5));
  }
}

TEST(Deformable, PointsStayWithinTheirRange) {
  for (const Code code : {Code::kFirst, Code::kToday}) {
    DeformableOptions options = small(code, Bias::kNone);
    options.grid = {8, 12};  // 4 x 6 points
    Random random(9);
    DeformableAttention attention(options, random);
    attention.state().at("conv_offset.3.weight").mul_(1e5);  // as far as they get
    const auto result = attention.forward(at::randn({2, 8, 8, 12}));
    const Tensor moved = (result.points - result.reference).abs().amax({0, 1, 2, 3});
    const bool first = code == Code::kFirst;
    EXPECT_NEAR(moved[0].item<float>(), 2.0 / (first ? 4 : 3), 1e-5);
    EXPECT_NEAR(moved[1].item<float>(), 2.0 / (first ? 6 : 5), 1e-5);
  }
  for (const Code code : {Code::kFirst, Code::kToday}) {
    DeformableOptions options = small(code, Bias::kNone);
    options.offsetRange = -1;
    Random random(9);
    DeformableAttention attention(options, random);
    attention.state().at("conv_offset.3.weight").mul_(1e5);
    const Tensor points = attention.forward(at::randn({2, 8, 8, 12})).points;
    EXPECT_LE(points.abs().max().item<float>(), 1.0F);
    EXPECT_GT((points.max() - points.min()).item<float>(), 1.9F) << "the whole photo";
  }
}

TEST(Deformable, WithoutMovesTodaysCodeTakesMeansAndTheFirstItsGrid) {
  Random random(9);
  DeformableOptions options = small(Code::kToday, Bias::kTable);
  options.moves = false;
  DeformableAttention today(options, random);
  EXPECT_FALSE(today.state().contains("rpe_table"));
  // Photos of 2 x 2 blocks: their means say all, so plain attention of blocks is the same.
  const Tensor blocks = at::randn({1, 8, 2, 3});
  const Tensor x = blocks.repeat_interleave(2, 2).repeat_interleave(2, 3);
  const auto result = today.forward(x, true);
  EXPECT_TRUE(at::equal(result.points, result.reference));
  StateDict state = today.state();
  const auto project = [&](const std::string& layer) {
    return at::conv2d(blocks, state.at(layer + ".weight"), state.at(layer + ".bias"))
        .view({1, 4, 2, 6})
        .transpose(2, 3);
  };
  const Tensor mixed =
      at::scaled_dot_product_attention(project("proj_q"), project("proj_k"), project("proj_v"))
          .transpose(2, 3)
          .reshape({1, 8, 2, 3});
  const Tensor expected = at::conv2d(mixed, state.at("proj_out.weight"), state.at("proj_out.bias"));
  const Tensor got = result.output.slice(2, 0, 4, 2).slice(3, 0, 6, 2);
  EXPECT_TRUE(at::allclose(got, expected, 1e-4, 1e-5));
  EXPECT_THROW(today.forward(at::randn({1, 8, 5, 6})), InputError);

  options.code = Code::kFirst;
  const auto first = DeformableAttention(options, random).forward(x);
  EXPECT_TRUE(at::equal(first.points, first.reference));
}

TEST(Deformable, WhatContradictsItselfIsRefused) {
  Random random(1);
  const auto make = [&](Code code, Bias bias, auto change) {
    DeformableOptions options = small(code, bias);
    change(options);
    DeformableAttention attention(options, random);
  };
  EXPECT_NO_THROW(make(Code::kToday, Bias::kTable, [](auto&) {}));
  EXPECT_THROW(make(Code::kFirst, Bias::kContinuous, [](auto&) {}), UsageError);
  EXPECT_THROW(make(Code::kToday, Bias::kConvolution, [](auto& o) { o.moves = false; }),
               UsageError);
  EXPECT_THROW(make(Code::kToday, Bias::kNone, [](auto& o) { o.groups = 3; }), UsageError);
  EXPECT_THROW(make(Code::kToday, Bias::kNone, [](auto& o) { o.stride = 0; }), UsageError);
  EXPECT_THROW(make(Code::kToday, Bias::kTable, [](auto& o) { o.grid = {}; }), UsageError);
  const DeformableAttention fixed(small(Code::kToday, Bias::kFixed), random);
  EXPECT_THROW(fixed.forward(at::randn({1, 8, 6, 4 + 2})), InputError);
  EXPECT_THROW(fixed.forward(at::randn({1, 6, 4, 6})), InputError);
}

TEST(Deformable, GridsOfOneTokenAreFiniteInBothCodes) {
  for (const Code code : {Code::kFirst, Code::kToday}) {
    for (const Bias bias : {Bias::kNone, Bias::kTable, Bias::kConvolution}) {
      Random random(9);
      const DeformableAttention attention(small(code, bias), random);
      for (const auto& [height, width] :
           {std::pair<std::int64_t, std::int64_t>{1, 1}, {1, 5}, {2, 2}}) {
        const auto result = attention.forward(at::randn({2, 8, height, width}), true);
        EXPECT_TRUE(result.output.isfinite().all().item<bool>());
        EXPECT_TRUE(result.points.isfinite().all().item<bool>());
      }
    }
  }
}

TEST(MsDeformable, KernelAgreesWithTheOperators) {
  Random random(9);
  MsDeformableAttention attention(24, 3, 4, 2, random);
  attention.sampling_offsets.weight = at::randn_like(attention.sampling_offsets.weight) * 0.3;
  const Tensor query = at::randn({2, 11, 24}), value = at::randn({2, 15 + 49 + 2, 24}),
               mask = at::rand({2, 66}) < 0.2;
  const std::vector<TokenGrid> grids{{5, 3}, {7, 7}, {1, 2}};
  for (const std::int64_t numbers : {2, 4}) {
    const Tensor reference = at::rand({2, 11, 3, numbers});
    const auto run = [&](SamplingWay way) {
      attention.sampling = way;
      return attention.forward(query, reference, value, grids, mask).tokens;
    };
    EXPECT_TRUE(at::allclose(run(SamplingWay::kKernel), run(SamplingWay::kOperators), 1e-4, 1e-5));
  }
}

class DeformableMechanism : public testing::Test {
 protected:
  static DeformableSelfAttention make() {
    Random random(3);
    return DeformableSelfAttention({"deformable", 16, 4}, random);
  }
};

TEST_F(DeformableMechanism, AnyGridHasAtMost256PointsNearIt) {
  const auto attention = make();
  for (const auto& [grid, points] : {std::pair<TokenGrid, std::int64_t>{{1, 1}, 1},
                                     {{1, 9}, 9},
                                     {{5, 3}, 15},
                                     {{7, 7}, 49},
                                     {{16, 16}, 256},
                                     {{13, 20}, 70},
                                     {{32, 32}, 256},
                                     {{33, 2}, 11},
                                     {{40, 64}, 160}}) {
    const auto result = attention.forward(at::randn({2, grid.count(), 16}), grid, {.map = true});
    ASSERT_EQ(result.points.sizes().vec(), (std::vector<std::int64_t>{2, 2, points, 2}))
        << grid.height << " x " << grid.width;
    EXPECT_GE(result.points.min().item<float>(), -1.01F);
    EXPECT_LE(result.points.max().item<float>(), 2.01F);
  }
}

TEST_F(DeformableMechanism, PointsStartEvenlySpread) {
  auto attention = make();
  attention.state().at("attention.conv_offset.3.weight").zero_();
  const auto result = attention.forward(at::randn({1, 64 * 32, 16}), {32, 64}, {.map = true});
  const Tensor points = result.points[0][0].view({8, 16, 2});
  EXPECT_TRUE(at::allclose(points.select(2, 0)[3], at::linspace(1.0 / 32, 31.0 / 32, 16), 0, 0.02));
  EXPECT_TRUE(at::allclose(points.select(2, 1).select(1, 3), at::linspace(1.0 / 16, 15.0 / 16, 8),
                           0, 0.04));
  EXPECT_TRUE(at::allclose(points.mean(at::IntArrayRef{0, 1}), at::full({2}, 0.5F)));
  const auto one = attention.forward(at::randn({1, 1, 16}), {1, 1}, {.map = true});
  EXPECT_TRUE(at::allclose(one.points.flatten(), at::full({4}, 0.5F)));
}

// Sampling is linear, so with one group and all points inside, the map applied to the tokens'
// values gives what was computed from the points.
TEST_F(DeformableMechanism, TheMapExplainsTheTokens) {
  Random random(3);
  DeformableSelfAttention attention({"deformable", 12, 3}, random);
  StateDict state = attention.state();
  state.at("attention.conv_offset.3.weight").mul_(0.02);
  for (const TokenGrid grid : {TokenGrid{5, 3}, {13, 20}, {32, 32}}) {
    const Tensor x = at::randn({2, grid.count(), 12});
    const auto result = attention.forward(x, grid, {.map = true});
    const auto layer = [&](const std::string& name, const Tensor& y) {
      return at::linear(y, state.at("attention." + name + ".weight").flatten(1),
                        state.at("attention." + name + ".bias"));
    };
    const Tensor values = layer("proj_v", x).view({2, grid.count(), 3, 4}).transpose(1, 2);
    Tensor mixed = at::matmul(result.map, values).transpose(1, 2).flatten(2);
    const Tensor query =
        layer("proj_q", x).transpose(1, 2).reshape({2, 12, grid.height, grid.width});
    mixed = mixed + at::conv2d(query, state.at("attention.rpe_table.weight"),
                               state.at("attention.rpe_table.bias"), 1, 1, 1, 12)
                        .flatten(2)
                        .transpose(1, 2);
    EXPECT_TRUE(at::allclose(layer("proj_out", mixed), result.tokens, 1e-3, 1e-4))
        << grid.height << " x " << grid.width;
  }
}

}  // namespace
}  // namespace inkling
