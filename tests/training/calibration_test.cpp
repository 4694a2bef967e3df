// Logistic regression as the calibration uses it.
#include "core/training/calibration.h"

#include <gtest/gtest.h>

namespace inkling {
namespace {

TEST(FitLogistic, FindsTheWeightsThatMadeTheData) {
  at::manual_seed(1);
  const Tensor x = at::cat({at::randn({20000, 2}, at::kDouble), at::ones({20000, 1}, at::kDouble)}, 1);
  const Tensor truth = at::tensor({2.0, -1.0, -3.0}, at::kDouble);
  const Tensor y = (at::rand({20000}, at::kDouble) < at::sigmoid(at::matmul(x, truth))).to(at::kDouble);
  const Tensor found = fitLogistic(x, y, at::zeros({3}, at::kDouble), 1e-3);
  EXPECT_LT((found - truth).abs().max().item<double>(), 0.15) << found;
}

TEST(FitLogistic, WithoutDataThatSpeaksThePriorStays) {
  const Tensor x = at::zeros({10, 2}, at::kDouble), y = at::zeros({10}, at::kDouble);
  const Tensor prior = at::tensor({8.0, 1.0}, at::kDouble);
  EXPECT_TRUE(at::allclose(fitLogistic(x, y, prior, 1.0), prior));
}

TEST(FitLogistic, SeparableDataStayFinite) {
  const Tensor x = at::tensor({-1.0, 1.0, 1.0, 1.0}, at::kDouble).view({2, 2});
  const Tensor found = fitLogistic(x, at::tensor({0.0, 1.0}, at::kDouble), at::zeros({2}, at::kDouble), 1.0);
  EXPECT_TRUE(at::isfinite(found).all().item<bool>());
  EXPECT_GT(found[0].item<double>(), 0);
}

TEST(Votes, GoToTheMemberThatDoesNotKnowThePhoto) {
  Scene scene;
  scene.fold = 7;
  EXPECT_TRUE(at::equal(votesOf(scene, 4), at::tensor({0.0F, 0.0F, 0.0F, 1.0F}).unsqueeze(0)));
  EXPECT_FALSE(votesOf(scene, 1).defined()) << "one member has nobody to ask instead";
}

}  // namespace
}  // namespace inkling
