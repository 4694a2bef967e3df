// The projections of the region embedding.
#include "core/training/region_trainer.h"

#include <gtest/gtest.h>

namespace inkling {
namespace {

// Mean square of r . u - (P r) . (Q u).
double errorOf(const Tensor& regions, const Tensor& directions, const Tensor& p, const Tensor& q) {
  const Tensor exact = at::matmul(regions, directions.t());
  const Tensor short_ = at::matmul(at::matmul(regions, p.t()), at::matmul(directions, q.t()).t());
  return (exact - short_).square().mean().item<double>();
}

class BestProjections : public testing::Test {
 protected:
  BestProjections() {
    at::manual_seed(3);
    // Some dimensions matter to regions, others to drawings, as in real embeddings.
    regions_ = at::randn({400, 20}) * at::linspace(2, 0.1, 20);
    regions_ = regions_ - regions_.mean(0, true);
    directions_ = at::randn({300, 20}) * at::linspace(0.2, 3, 20);
  }
  at::NoGradGuard noGrad_;
  Tensor regions_, directions_;
};

TEST_F(BestProjections, OfFullRankLoseNothing) {
  const auto [p, q] = bestProjections(regions_, directions_, 20);
  EXPECT_LT(errorOf(regions_, directions_, p, q), 1e-6);
}

TEST_F(BestProjections, LoseLessTheMoreTheyKeep) {
  double before = errorOf(regions_, directions_, at::zeros({1, 20}), at::zeros({1, 20}));
  for (const std::int64_t dim : {1, 4, 8, 12, 16}) {
    const auto [p, q] = bestProjections(regions_, directions_, dim);
    ASSERT_EQ(p.sizes(), (std::vector<std::int64_t>{dim, 20}));
    const double now = errorOf(regions_, directions_, p, q);
    EXPECT_LT(now, before);
    before = now;
  }
}

TEST_F(BestProjections, AreBetterThanPrincipalComponentsOfEitherSide) {
  const auto components = [](const Tensor& values) {
    const auto [eigenvalues, vectors] = at::linalg_eigh(at::matmul(values.t(), values));
    return vectors.slice(1, 15).t().contiguous();
  };
  const auto [p, q] = bestProjections(regions_, directions_, 5);
  const double best = errorOf(regions_, directions_, p, q);
  for (const Tensor& side : {regions_, directions_}) {
    const Tensor axes = components(side);
    EXPECT_LT(best, errorOf(regions_, directions_, axes, axes));
  }
}

}  // namespace
}  // namespace inkling
