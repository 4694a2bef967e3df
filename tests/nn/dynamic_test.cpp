#include "core/nn/attention/dynamic.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/nn/gradient_check.h"

namespace inkling {
namespace {

constexpr std::int64_t kDim = 12, kHeads = 3;

std::unique_ptr<DynamicSelfAttention> makeLayer(std::int64_t layer, std::int64_t layers,
                                                std::uint64_t seed = 5) {
  Random random(seed);
  return std::make_unique<DynamicSelfAttention>(
      AttentionConfig{
          .mechanism = "dynamic", .dim = kDim, .heads = kHeads, .layer = layer, .layers = layers},
      random);
}

Tensor kept(const AttentionResult& result) { return (result.map > 0).sum(-1); }  // [B, heads, N]

/// Row of the map for one token's scores [N] and budget.
Tensor definedRow(const Tensor& scores, double budget) {
  const std::int64_t count = scores.size(0);
  const double* score = scores.const_data_ptr<double>();
  std::vector<std::int64_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::int64_t a, std::int64_t b) { return score[a] > score[b]; });
  const Tensor row = at::zeros({count}, at::kDouble);
  for (std::int64_t rank = 1; rank <= count; ++rank) {
    const double counted =
        std::clamp((budget + 1 - static_cast<double>(rank)) / std::max(1.0, budget / 2), 0.0, 1.0);
    row[order[rank - 1]] = counted * std::exp(score[order[rank - 1]]);
  }
  return row / row.sum();
}

TEST(Dynamic, BoundsFallFromLayerToLayerFromAHalfToASixteenth) {
  for (const std::int64_t layers : {1, 2, 3, 12}) {
    EXPECT_DOUBLE_EQ(KeptShare::ofLayer(0, layers).most, 0.5);
    EXPECT_DOUBLE_EQ(KeptShare::ofLayer(layers - 1, layers).least, 0.0625);
    for (std::int64_t layer = 0; layer < layers; ++layer) {
      const KeptShare share = KeptShare::ofLayer(layer, layers);
      EXPECT_LT(share.least, share.most);
      if (layer == 0) continue;
      EXPECT_DOUBLE_EQ(share.most, KeptShare::ofLayer(layer - 1, layers).least);
    }
  }
  EXPECT_THROW(KeptShare::ofLayer(3, 3), UsageError);
  EXPECT_THROW(KeptShare::ofLayer(-1, 3), UsageError);
}

TEST(Dynamic, ATokenKeepsWhatItsBudgetSaysAndItsLayerAllows) {
  for (const TokenGrid grid : {TokenGrid{1, 1}, {1, 2}, {3, 5}, {8, 8}, {20, 13}}) {
    for (std::int64_t number = 0; number < 3; ++number) {
      const auto layer = makeLayer(number, 3);
      const Tensor x = at::randn({2, grid.count(), kDim});
      const Tensor counts = kept(layer->forward(x, grid, {.map = true}));
      const Tensor budgets = layer->budgets(x);
      EXPECT_TRUE(at::equal(counts, budgets.ceil().to(at::kLong)));
      const auto count = static_cast<double>(grid.count());
      EXPECT_GE(budgets.min().item<double>(),
                std::max(1.0, layer->keptShare().least * count - 1e-3));
      EXPECT_LE(budgets.max().item<double>(),
                std::max(1.0, layer->keptShare().most * count + 1e-3));
      EXPECT_GE(counts.min().item<std::int64_t>(), 1) << "nobody looks at nothing";
    }
  }
}

// Whatever is learned: even when a layer keeps as little as it may, and the next as much.
TEST(Dynamic, DeeperLayersKeepLess) {
  const Tensor x = at::randn({1, 256, kDim});
  for (std::int64_t number = 0; number + 1 < 4; ++number) {
    const auto upper = makeLayer(number, 4), deeper = makeLayer(number + 1, 4);
    const auto fraction = [&](const DynamicSelfAttention& layer) {
      return kept(layer.forward(x, {16, 16}, {.map = true})).to(at::kDouble).mean().item<double>() /
             256;
    };
    EXPECT_LT(fraction(*deeper), 0.8 * fraction(*upper)) << "with the same parameters";
    upper->state().at("share.bias").fill_(-1e4);
    deeper->state().at("share.bias").fill_(1e4);
    const Tensor most = kept(deeper->forward(x, {16, 16}, {.map = true})).max(),
                 least = kept(upper->forward(x, {16, 16}, {.map = true})).min();
    EXPECT_LE(most.item<std::int64_t>(), least.item<std::int64_t>());
  }
}

TEST(Dynamic, EachTokenChoosesItsOwnShare) {
  const auto layer = makeLayer(0, 1);
  const Tensor x = at::randn({1, 64, kDim});
  const Tensor counts = kept(layer->forward(x, {8, 8}, {.map = true}));
  EXPECT_GE(counts.max().item<std::int64_t>() - counts.min().item<std::int64_t>(), 5);
  Tensor changed = x.clone();
  changed[0][10] *= -1.0;
  const Tensor budgets = layer->budgets(x), others = layer->budgets(changed);
  EXPECT_FALSE(at::allclose(budgets.select(2, 10), others.select(2, 10)));
  EXPECT_TRUE(at::equal(budgets.slice(2, 11), others.slice(2, 11))) << "by its own content";
}

TEST(Dynamic, ThePhotoDecidesHowTokensAreCompared) {
  const auto layer = makeLayer(0, 1);
  const Tensor x = at::randn({2, 20, kDim}) * 2;
  const Tensor gate = layer->channelGate(x);
  EXPECT_EQ(gate.sizes().vec(), (std::vector<std::int64_t>{2, kDim}));
  EXPECT_GT(gate.min().item<float>(), 0.0F);
  EXPECT_LT(gate.max().item<float>(), 2.0F);
  EXPECT_GT((gate[0] - gate[1]).abs().max().item<float>(), 0.01F);
  // Where token 0 looks among tokens 0..18 depends on token 19, though it is none of them.
  Tensor changed = x.clone();
  changed[0][19] += 4.0;
  const auto ratio = [&](const Tensor& tokens) {
    const Tensor row = layer->forward(tokens, {4, 5}, {.map = true}).map[0][0][0];
    return row / row.max();
  };
  const Tensor before = ratio(x).slice(0, 0, 19), after = ratio(changed).slice(0, 0, 19);
  EXPECT_FALSE(at::allclose(before, after, 1e-3, 1e-4));
}

// The formulas of the header, one token after the other. 15 x 16 tokens are more than are computed
// at once.
TEST(Dynamic, TheMapIsTheDefinition) {
  for (const TokenGrid grid : {TokenGrid{5, 6}, {15, 16}}) {
    const auto layer = makeLayer(1, 3);
    toDouble(*layer);  // rounding may swap ranks of nearly equal tokens
    const std::int64_t count = grid.count(), width = kDim / kHeads;
    const Tensor x = at::randn({1, count, kDim}, at::kDouble);
    const StateDict state = layer->state();
    const Tensor qkv = at::linear(x[0], state.at("qkv.weight"), state.at("qkv.bias"));
    const Tensor gate = layer->channelGate(x)[0], budgets = layer->budgets(x)[0];
    const Tensor map = layer->forward(x, grid, {.map = true}).map[0];
    for (std::int64_t head = 0; head < kHeads; ++head) {
      const auto part = [&](std::int64_t which) {
        return qkv.narrow(1, which * kDim + head * width, width);
      };
      const Tensor scores = at::matmul(part(0) * gate.narrow(0, head * width, width), part(1).t()) /
                            std::sqrt(static_cast<double>(width));
      for (std::int64_t i = 0; i < count; i += 1 + count / 30) {
        const Tensor expected = definedRow(scores[i], budgets[head][i].item<double>());
        EXPECT_TRUE(at::allclose(map[head][i], expected, 1e-9, 1e-12)) << head << ", " << i;
      }
    }
  }
}

// Many tokens are computed some rows at a time: a permutation takes them from one part to another.
TEST(Dynamic, PermutedTokensGivePermutedResults) {
  for (const TokenGrid grid : {TokenGrid{5, 7}, {16, 20}}) {
    const auto layer = makeLayer(0, 2);
    toDouble(*layer);  // rounding may swap ranks of nearly equal tokens
    const Tensor x = at::randn({1, grid.count(), kDim}, at::kDouble),
                 order = at::randperm(grid.count());
    const auto plain = layer->forward(x, grid, {.map = true}),
               permuted = layer->forward(x.index_select(1, order), grid, {.map = true});
    EXPECT_TRUE(at::allclose(plain.tokens.index_select(1, order), permuted.tokens, 1e-4, 1e-5));
    EXPECT_TRUE(at::allclose(plain.map.index_select(2, order).index_select(3, order), permuted.map,
                             1e-3, 1e-5));
  }
}

// Which of many equal tokens are kept is anybody's guess, but what comes out is not.
TEST(Dynamic, EqualTokensGetEqualResults) {
  const auto layer = makeLayer(0, 1);
  const Tensor x = at::randn({1, 1, kDim}).expand({1, 24, kDim});
  const Tensor y = layer->forward(x, {4, 6}).tokens;
  EXPECT_TRUE(at::allclose(y, y.slice(1, 0, 1).expand_as(y), 1e-4, 1e-5));
}

TEST(Dynamic, BudgetsAreTrained) {
  const auto layer = makeLayer(0, 1);
  layer->requireGradients(true);
  const Tensor x = at::randn({2, 36, kDim});
  (layer->forward(x, {6, 6}).tokens * at::randn_like(x)).sum().backward();
  const Tensor gradient = layer->state().at("share.bias").grad();
  EXPECT_GT(gradient.abs().min().item<float>(), 0.0F) << "in every head";
}

TEST(Dynamic, GradientAgreesWithNumericOne) {
  for (std::int64_t number = 0; number < 2; ++number) {
    const auto layer = makeLayer(number, 2, 9);
    expectGradient(
        *layer, at::randn({2, 20, kDim}),
        [&](const Tensor& x) {
          return layer->forward(x, {4, 5}).tokens;
        },
        29);
  }
}

}  // namespace
}  // namespace inkling
