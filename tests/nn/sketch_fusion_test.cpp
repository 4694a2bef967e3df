// Pooling of several drawings: one alone stays as it is, order means nothing, agreement makes
// surer.
#include "core/nn/sketch_fusion.h"

#include <gtest/gtest.h>

namespace inkling {
namespace {

class PoolingTest : public testing::Test {
 protected:
  PoolingTest() : pooling_(8, random_) {
    at::manual_seed(9);
    pooling_.visit([](const std::string&, Tensor& tensor, Module::Kind) {
      tensor.add_(at::randn_like(tensor) * 0.3);
    });
  }
  Tensor pool(const Tensor& summaries, const Tensor& logits, const Tensor& weights) {
    return pooling_.pool(logits, summaries, pooling_.logShares(summaries, weights)).exp();
  }

  at::NoGradGuard noGrad_;
  Random random_{2};
  SketchFusion::Pooling pooling_;
  Tensor summaries_ = at::randn({1, 3, 8}), logits_ = at::randn({1, 3, 6});
};

TEST_F(PoolingTest, OneDrawingIsNotFused) {
  const Tensor alone = pool(summaries_.slice(1, 0, 1), logits_.slice(1, 0, 1), at::ones({1, 1}));
  EXPECT_TRUE(at::allclose(alone, at::softmax(logits_.slice(1, 0, 1)[0], -1), 1e-5, 1e-6));
}

TEST_F(PoolingTest, OrderMeansNothing) {
  const Tensor order = at::tensor({2L, 0L, 1L}),
               weights = at::tensor({1.0F, 0.5F, 2.0F}).unsqueeze(0);
  EXPECT_TRUE(at::allclose(pool(summaries_, logits_, weights),
                           pool(summaries_.index_select(1, order), logits_.index_select(1, order),
                                weights.index_select(1, order)),
                           1e-5, 1e-6));
}

TEST_F(PoolingTest, ADrawingThatIsSwitchedOffIsNotThere) {
  const Tensor weights = at::tensor({1.0F, 0.0F, 1.0F}).unsqueeze(0), left = at::tensor({0L, 2L});
  const Tensor off = pool(summaries_, logits_, weights);
  EXPECT_TRUE(at::isfinite(off).all().item<bool>());
  EXPECT_TRUE(at::allclose(
      off, pool(summaries_.index_select(1, left), logits_.index_select(1, left), at::ones({1, 2})),
      1e-5, 1e-6));
}

TEST_F(PoolingTest, DifferentDrawingsThatAgreeAreSurerTogetherThanEachAlone) {
  const Tensor logits = logits_.slice(1, 0, 1);
  const double one = pool(summaries_.slice(1, 0, 1), logits, at::ones({1, 1})).max().item<double>();
  const double three =
      pool(summaries_, logits.expand({1, 3, 6}), at::ones({1, 3})).max().item<double>();
  EXPECT_GT(three, one + 0.05);
}

TEST_F(PoolingTest, TheSameDrawingGivenTwiceIsNoSecondWitness) {
  const Tensor logits = logits_.slice(1, 0, 1), summary = summaries_.slice(1, 0, 1);
  EXPECT_TRUE(at::allclose(
      pool(summary, logits, at::ones({1, 1})),
      pool(summary.expand({1, 5, 8}), logits.expand({1, 5, 6}), at::ones({1, 5})), 1e-3, 1e-4));
}

TEST_F(PoolingTest, AWeightNearZeroIsNearlyNothing) {
  const Tensor without = pool(summaries_.slice(1, 0, 2), logits_.slice(1, 0, 2), at::ones({1, 2}));
  const Tensor faint = pool(summaries_, logits_, at::tensor({1.0F, 1.0F, 1e-6F}).unsqueeze(0));
  EXPECT_TRUE(at::allclose(without, faint, 1e-3, 1e-4));
}

}  // namespace
}  // namespace inkling
