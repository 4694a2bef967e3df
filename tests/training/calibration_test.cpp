// What the calibration is made of: regressions, and detections judged right or wrong.
#include "core/training/calibration.h"

#include <gtest/gtest.h>

#include "core/training/judged.h"

namespace inkling {
namespace {

TEST(FitLogistic, FindsTheWeightsThatMadeTheData) {
  at::manual_seed(1);
  const Tensor x =
      at::cat({at::randn({20000, 2}, at::kDouble), at::ones({20000, 1}, at::kDouble)}, 1);
  const Tensor truth = at::tensor({2.0, -1.0, -3.0}, at::kDouble);
  const Tensor y =
      (at::rand({20000}, at::kDouble) < at::sigmoid(at::matmul(x, truth))).to(at::kDouble);
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
  const Tensor found =
      fitLogistic(x, at::tensor({0.0, 1.0}, at::kDouble), at::zeros({2}, at::kDouble), 1.0);
  EXPECT_TRUE(at::isfinite(found).all().item<bool>());
  EXPECT_GT(found[0].item<double>(), 0);
}

TEST(FitMultinomial, FindsHowMuchEachVoiceIsWorth) {
  at::manual_seed(2);
  const Tensor x = at::randn({4000, 6, 2}, at::kDouble);
  const Tensor truth = at::tensor({3.0, 0.5}, at::kDouble);
  const Tensor y = at::multinomial(at::softmax(at::matmul(x, truth), 1), 1).squeeze(1);
  const Tensor found = fitMultinomial(x, y, at::zeros({2}, at::kDouble), 1e-3);
  EXPECT_LT((found - truth).abs().max().item<double>(), 0.2) << found;
}

TEST(FitMultinomial, AVoiceThatSaysTheSameOfEverythingKeepsItsPrior) {
  const Tensor x = at::ones({50, 4, 1}, at::kDouble);
  const Tensor prior = at::tensor({8.0}, at::kDouble);
  EXPECT_TRUE(at::allclose(fitMultinomial(x, at::zeros({50}, at::kLong), prior, 1.0), prior));
}

TEST(Judge, EachObjectIsFoundOnceAndCrowdsBlameNobody) {
  const std::vector<Box> objects{{0, 0, 10, 10}, {20, 0, 10, 10}}, crowds{{50, 50, 20, 20}};
  const std::vector<Box> boxes{
      {0, 0, 10, 10}, {0, 1, 10, 9}, {20, 0, 10, 9}, {50, 50, 20, 19}, {80, 80, 5, 5}};
  const std::vector<float> scores{0.9F, 0.8F, 0.7F, 0.6F, 0.5F};
  const std::vector<Judged> judged = judge(boxes, scores, objects, crowds, 0.95, 10);
  ASSERT_EQ(judged.size(), 4U) << "the box on the crowd counts for nothing";
  EXPECT_TRUE(judged[0].right);
  EXPECT_FALSE(judged[1].right) << "the object has been found already";
  EXPECT_TRUE(judged[2].right);
  EXPECT_FALSE(judged[3].right);
  EXPECT_EQ(judged[3].index, 4U);
  EXPECT_EQ(judge(boxes, scores, objects, crowds, 0.5, 10)[1].index, 2U)
      << "the double is suppressed at IoU 0.5";
}

TEST(Judge, ABoxTakesTheFreeObjectThatItFitsBest) {
  const std::vector<Box> objects{{0, 0, 10, 10}, {2, 0, 10, 10}};
  const std::vector<float> scores{0.9F, 0.8F};
  const std::vector<Box> boxes{{2, 0, 10, 10}, {0, 0, 10, 10}};
  for (const Judged& judged : judge(boxes, scores, objects, {}, 0.9, 10)) EXPECT_TRUE(judged.right);
}

TEST(Votes, GoToTheMemberThatDoesNotKnowThePhoto) {
  Scene scene;
  scene.fold = 7;
  EXPECT_TRUE(at::equal(votesOf(scene, 4), at::tensor({0.0F, 0.0F, 0.0F, 1.0F}).unsqueeze(0)));
  EXPECT_FALSE(votesOf(scene, 1).defined()) << "one member has nobody to ask instead";
}

}  // namespace
}  // namespace inkling
