#include "core/nn/attention/dense.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/nn/guided_encoder.h"
#include "tests/nn/gradient_check.h"

namespace inkling {
namespace {

AttentionConfig layer(std::int64_t number, std::int64_t layers = 3) {
  return {.mechanism = "dense", .dim = 12, .heads = 3, .layer = number, .layers = layers};
}

TEST(Dense, ALayerHasAWeightForEachLayerBeforeIt) {
  for (std::int64_t number = 0; number < 3; ++number) {
    Random random(1);
    const StateDict state = makeSelfAttention(layer(number), random)->state();
    if (number == 0) {
      EXPECT_FALSE(state.contains("attention.mix_weight"));
    } else {
      EXPECT_EQ(state.at("attention.mix_weight").size(0), number);
    }
  }
}

// out_l = A_l V_l + sum m_i A_l V_i, term by term, from the map and the values handed on.
TEST(Dense, TheMapIsAppliedToTheValuesOfAllEarlierLayers) {
  Random random(3);
  DenseAttention attention(12, 3, 5, 4, random);
  attention.mix_weight.copy_(at::tensor({0.5F, -2.0F, 3.0F, 100.0F}));
  const Tensor x = at::randn({2, 7, 12});
  const std::vector<Tensor> earlier{at::randn({2, 3, 7, 5}), at::randn({2, 3, 7, 5}),
                                    at::randn({2, 3, 7, 5})};
  AttentionPass pass{.map = true, .values = earlier};
  const AttentionResult result = attention.forward(x, pass);
  ASSERT_EQ(pass.values.size(), 4U);
  Tensor mixed = at::matmul(result.map, pass.values.back());
  for (std::size_t i = 0; i < 3; ++i) {
    mixed = mixed +
            attention.mix_weight[static_cast<std::int64_t>(i)] * at::matmul(result.map, earlier[i]);
  }
  const Tensor expected = attention.output->forward(mixed.transpose(1, 2).reshape({2, 7, 15}));
  EXPECT_TRUE(at::allclose(result.tokens, expected, 1e-4, 1e-5));
  AttentionPass plain{.values = earlier};
  EXPECT_TRUE(at::allclose(attention.forward(x, plain).tokens, expected, 1e-4, 1e-5));
}

TEST(Dense, AlongAPassEachLayerFindsTheValuesOfThoseBefore) {
  Random random(3);
  std::vector<std::unique_ptr<SelfAttention>> layers;
  for (std::int64_t i = 0; i < 3; ++i) layers.push_back(makeSelfAttention(layer(i), random));
  const Tensor x = at::randn({1, 6, 12});
  AttentionPass pass;
  Tensor last;
  for (const auto& each : layers) last = each->forward(x, {2, 3}, pass).tokens;
  EXPECT_EQ(pass.values.size(), 3U);
  const Tensor alone = layers.back()->forward(x, {2, 3}).tokens;
  EXPECT_FALSE(at::allclose(last, alone, 1e-4, 1e-5)) << "earlier values count";
}

TEST(Dense, WithoutWeightsEarlierLayersDoNotCount) {
  Random random(3);
  const auto second = makeSelfAttention(layer(1), random);
  second->state().at("attention.mix_weight").zero_();
  const Tensor x = at::randn({1, 6, 12});
  AttentionPass pass{.values = {at::randn({1, 3, 6, 4})}};
  EXPECT_TRUE(at::allclose(second->forward(x, {2, 3}, pass).tokens,
                           second->forward(x, {2, 3}).tokens, 1e-4, 1e-6));
}

TEST(Dense, APassUsedTwiceOrOnAnotherGridIsRefused) {
  Random random(3);
  const auto first = makeSelfAttention(layer(0), random),
             second = makeSelfAttention(layer(1), random);
  AttentionPass pass;
  first->forward(at::randn({1, 6, 12}), {2, 3}, pass);
  EXPECT_THROW(first->forward(at::randn({1, 6, 12}), {2, 3}, pass), UsageError);
  EXPECT_THROW(second->forward(at::randn({1, 8, 12}), {2, 4}, pass), UsageError);
  EXPECT_THROW(second->forward(at::randn({2, 6, 12}), {2, 3}, pass), UsageError);
}

TEST(Dense, OneHeadOfFullWidthHasNoOutputLayer) {
  Random random(3);
  const DenseAttention attention(8, 1, 8, 0, random);
  EXPECT_EQ(attention.output, nullptr);
  AttentionPass pass{.map = true};
  const AttentionResult result = attention.forward(at::randn({2, 5, 8}), pass);
  EXPECT_TRUE(
      at::allclose(result.tokens, at::matmul(result.map, pass.values[0]).squeeze(1), 1e-4, 1e-5));
}

// Through the guided encoder the weights of the later layer learn from the earlier one's values.
TEST(Dense, TheGuidedEncoderHandsValuesOnAndTrainsTheWeights) {
  Random random(3);
  GuidanceConfig config;
  config.attention = "dense";
  config.dim = 16;
  config.heads = 4;
  config.hidden = 32;
  config.encoderLayers = 3;
  config.dropout = 0.0;
  GuidedEncoder encoder(config, 10, 8, {3, 4}, random);
  encoder.requireGradients(true);
  QueryTensors query;
  query.tokens = at::randn({2, 5, 16});
  query.summary = at::randn({2, 8});
  const Tensor photo = at::randn({2, 12, 10});
  for (int i = 0; i < 2; ++i)  // a new pass each time
    encoder.forward(photo, {3, 4}, query, false).relevance.square().sum().backward();
  const StateDict state = encoder.state();
  for (std::int64_t number = 1; number < 3; ++number) {
    const Tensor& weights =
        state.at("layers." + std::to_string(number) + ".self.attention.mix_weight");
    ASSERT_EQ(weights.size(0), number);
    ASSERT_TRUE(weights.grad().defined());
    EXPECT_GT(weights.grad().abs().min().item<float>(), 0.0F);
  }
  const auto mapped = encoder.forward(photo, {3, 4}, query, true);
  EXPECT_EQ(mapped.self.size(), 3U);
  EXPECT_TRUE(
      at::allclose(mapped.tokens, encoder.forward(photo, {3, 4}, query, false).tokens, 1e-4, 1e-5));
}

TEST(Dense, GradientAgreesWithNumericOne) {
  Random random(9);
  struct Stack : Module {
    DenseSelfAttention first, second, third;
    explicit Stack(Random& random)
        : first(layer(0), random), second(layer(1), random), third(layer(2), random) {
      child("0", first);
      child("1", second);
      child("2", third);
    }
    Tensor forward(const Tensor& x) const {
      AttentionPass pass;
      Tensor y = x;
      for (const auto* each : {&first, &second, &third})
        y = y + each->forward(y, {2, 3}, pass).tokens;
      return y;
    }
  } stack(random);
  expectGradient(stack, at::randn({2, 6, 12}), [&](const Tensor& x) { return stack.forward(x); });
}

}  // namespace
}  // namespace inkling
