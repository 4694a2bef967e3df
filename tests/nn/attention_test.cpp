#include "core/nn/attention/attention.h"

#include <limits>

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/nn/attention/locformer_fusion.h"
#include "core/nn/attention/ms_deformable.h"
#include "tests/nn/gradient_check.h"

namespace inkling {
namespace {

TEST(MultiHead, MapRowsSumToOneAndAskingForThemChangesNothing) {
  Random random(3);
  const auto attention = makeSelfAttention({"multi-head", 16, 4}, random);
  const Tensor x = at::randn({2, 12, 16});
  const auto plain = attention->forward(x, {3, 4}),
             mapped = attention->forward(x, {3, 4}, {.map = true});
  EXPECT_FALSE(plain.map.defined());
  EXPECT_EQ(mapped.map.sizes().vec(), (std::vector<std::int64_t>{2, 4, 12, 12}));
  EXPECT_TRUE(at::allclose(plain.tokens, mapped.tokens, 1e-4, 1e-5));
  EXPECT_TRUE(at::allclose(mapped.map.sum(-1), at::ones({2, 4, 12}), 1e-4, 1e-5));
}

TEST(MultiHead, PermutedTokensGivePermutedResults) {
  Random random(3);
  const auto attention = makeSelfAttention({"multi-head", 16, 2}, random);
  const Tensor x = at::randn({1, 6, 16}), order = at::tensor({4, 2, 0, 5, 1, 3}, at::kLong);
  const Tensor a = attention->forward(x, {2, 3}).tokens.index_select(1, order);
  const Tensor b = attention->forward(x.index_select(1, order), {2, 3}).tokens;
  EXPECT_TRUE(at::allclose(a, b, 1e-4, 1e-5));
}

TEST(MultiHead, AKeyWithBiasMinusInfinityIsAsIfItWereNotThere) {
  Random random(3);
  const MultiHeadAttention attention(16, 4, random);
  const Tensor q = at::randn({1, 5, 16}), k = at::randn({1, 7, 16});
  Tensor bias = at::zeros({1, 7});
  bias.slice(1, 4).fill_(-std::numeric_limits<float>::infinity());
  const Tensor all = attention.forward(q, k, k, bias, false).tokens;
  const Tensor cut = attention.forward(q, k.slice(1, 0, 4), k.slice(1, 0, 4), {}, false).tokens;
  EXPECT_TRUE(at::allclose(all, cut, 1e-4, 1e-5));
}

TEST(Attention, UnknownMechanismsAndWidthsAreRefused) {
  Random random(1);
  EXPECT_THROW(makeSelfAttention({"telepathy", 16, 4}, random), UsageError);
  EXPECT_THROW(makeSelfAttention({"multi-head", 18, 4}, random), UsageError);
}

TEST(LocformerFusion, GradientAgreesWithNumericOne) {
  Random random(9);
  LocformerFusion fusion(8, 16, 2, random);
  const Tensor sketch = at::randn({1, 4, 8}, at::kDouble);
  expectGradient(fusion, at::randn({1, 6, 8}),
                 [&](const Tensor& x) { return fusion.forward(x, {}, sketch, {}).tokens; });
}

TEST(MsDeformable, GradientAgreesWithNumericOne) {
  Random random(9);
  MsDeformableAttention attention(8, 1, 2, 2, random);
  attention.sampling_offsets.weight = at::randn_like(attention.sampling_offsets.weight) * 0.1;
  const Tensor value = at::randn({1, 12, 8}, at::kDouble),
               reference = at::rand({1, 3, 1, 4}, at::kDouble) * 0.5 + 0.2;
  expectGradient(attention, at::randn({1, 3, 8}), [&](const Tensor& x) {
    return attention.forward(x, reference, value, {{3, 4}}).tokens;
  });
}

TEST(MsDeformable, WeightsSumToOneAndPointsStartAroundTheReference) {
  Random random(9);
  const MsDeformableAttention attention(16, 1, 4, 4, random);
  const Tensor reference = at::tensor({0.5F, 0.5F, 0.4F, 0.2F}).view({1, 1, 1, 4});
  const auto result =
      attention.forward(at::randn({1, 1, 16}), reference, at::randn({1, 64, 16}), {{8, 8}});
  EXPECT_TRUE(at::allclose(result.weights.sum({3, 4}), at::ones({1, 1, 4}), 1e-5, 1e-6));
  // Offsets of at most four steps of a quarter of half the box.
  EXPECT_LE((result.locations.select(-1, 0) - 0.5).abs().max().item<float>(), 0.21);
  EXPECT_LE((result.locations.select(-1, 1) - 0.5).abs().max().item<float>(), 0.11);
}

}  // namespace
}  // namespace inkling
