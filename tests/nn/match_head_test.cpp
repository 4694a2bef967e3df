// The matching head: members side by side, votes, and the evidence that a score is made of.
#include "core/nn/match_head.h"

#include <gtest/gtest.h>

#include "tests/nn/tiny_model.h"

namespace inkling {
namespace {

class MatchHeadTest : public testing::Test {
 protected:
  MatchHeadTest() : regions_(model_.photo(1).regions) {
    at::manual_seed(5);
    summaries_ = at::randn({1, 2 * model_.config.sketch.widths.back()});
    for (std::size_t i = 0; i < head().members(); ++i) head().member(i).setTraining(false);
  }
  MatchHead& head() { return model_.network.matchHead(); }
  Tensor cosines(const Tensor& votes) { return at::matmul(head().embedRegions(regions_, votes)[0], head().embedSketches(summaries_)[0]); }
  Tensor memberCosines(std::size_t index) {
    return at::matmul(head().member(index).embedRegions(regions_)[0], head().member(index).embedSketches(summaries_)[0]);
  }
  Tensor evidence(const Tensor& votes = {}) {
    return head().evidence(regions_, head().embedRegions(regions_, votes), head().embedSketches(summaries_), words_, votes);
  }

  at::NoGradGuard noGrad_;
  TinyModel model_;
  RegionFeatures regions_;
  Tensor summaries_, words_ = at::full({1, 5}, 0.2);
};

TEST_F(MatchHeadTest, TheDotProductIsTheMeanOfTheMembersCosines) {
  ASSERT_EQ(head().members(), 2U);
  EXPECT_FALSE(at::allclose(memberCosines(0), memberCosines(1), 1e-3, 1e-4)) << "two members that are the same prove nothing";
  EXPECT_TRUE(at::allclose(cosines({}), (memberCosines(0) + memberCosines(1)) / 2, 1e-4, 1e-5));
}

TEST_F(MatchHeadTest, AVoteForOneMemberAsksThatMemberAlone) {
  EXPECT_TRUE(at::allclose(cosines(at::tensor({0.0F, 1.0F}).unsqueeze(0)), memberCosines(1), 1e-4, 1e-5));
  EXPECT_TRUE(at::allclose(cosines(at::tensor({0.5F, 0.5F}).unsqueeze(0)), cosines({}), 1e-4, 1e-5));
}

TEST_F(MatchHeadTest, VotesReachTheComparisonWithOtherRegionsToo) {
  at::manual_seed(6);
  head().setBanks(at::zeros({5, 24}), at::randn({MatchHead::kBackground, 24}));
  const Tensor first = evidence(at::tensor({1.0F, 0.0F}).unsqueeze(0)), second = evidence(at::tensor({0.0F, 1.0F}).unsqueeze(0));
  EXPECT_GT((first.select(-1, 2) - second.select(-1, 2)).abs().max().item<float>(), 1e-3);
}

TEST_F(MatchHeadTest, AFreshHeadScoresByCosineAndObjectness) {
  const Tensor score = head().score(evidence())[0];
  const Tensor rest = score - 8 * cosines({}) - at::log(regions_.objectness[0]);
  EXPECT_LT((rest - rest.mean()).abs().max().item<float>(), 1e-4) << "only an offset may be left";
  EXPECT_TRUE(at::isfinite(evidence()).all().item<bool>()) << "empty banks must not spoil the rest";
}

TEST_F(MatchHeadTest, ARegionNearTheWordThatTheDrawingShowsAgreesWithIt) {
  const Tensor embedded = head().embedRegions(regions_);
  Tensor bank = at::zeros({5, 24});
  bank[2] = embedded[0][3];
  head().setBanks(bank, at::zeros({MatchHead::kBackground, 24}));
  words_ = at::tensor({0.0F, 0.0F, 1.0F, 0.0F, 0.0F}).unsqueeze(0);
  const Tensor agreement = evidence()[0].select(-1, 3);
  EXPECT_EQ(agreement.argmax().item<std::int64_t>(), 3);
  EXPECT_NEAR(agreement[3].item<float>(), 0.0F, 1e-3) << "the probability of the same word is nearly 1";
  words_ = at::tensor({1.0F, 0.0F, 0.0F, 0.0F, 0.0F}).unsqueeze(0);
  EXPECT_LT(evidence()[0].select(-1, 3)[3].item<float>(), -8.0F);
}

}  // namespace
}  // namespace inkling
