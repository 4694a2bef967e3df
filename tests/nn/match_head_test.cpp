// The matching head: members and experts side by side, votes, and the evidence that a score is made
// of.
#include "core/nn/match_head.h"

#include <gtest/gtest.h>

#include "tests/nn/tiny_model.h"

namespace inkling {
namespace {

enum Evidence { kSimilarity, kObjectness, kAgreement, kContext };

// Two members of two experts: transformer tokens and detector classes.
class MatchHeadTest : public testing::Test {
 protected:
  MatchHeadTest() : config_(twoExperts()), random_(4), head_(config_, random_) {
    at::manual_seed(5);
    head_.visit([](const std::string&, Tensor& tensor, Module::Kind kind) {
      if (kind == Module::Kind::kParameter) tensor.add_(at::randn_like(tensor) * 0.05);
    });
    regions_.tokens = at::randn({1, kRegions, config_.trunk.tokenWidth()});
    regions_.classes = at::rand({1, kRegions, 80});
    regions_.objectness = at::rand({1, kRegions}) * 0.8 + 0.1;
    regions_.boxes = at::rand({1, kRegions, 4});
    regions_.valid = at::ones({1, kRegions}, at::kBool);
    summaries_ = at::randn({1, 2 * config_.sketch.widths.back()});
    head_.setTraining(false);
  }

  static ModelConfig twoExperts() {
    ModelConfig config = tinyConfig();
    config.trunk.detectorResolution = 32;
    return config;
  }

  Tensor cosines(const Tensor& votes = {}) {
    return head_.cosines(head_.embedRegions(regions_, votes), head_.embedSketches(summaries_))[0];
  }
  Tensor memberCosine(std::size_t member, std::size_t expert) {
    const MatchExpert& asked = head_.member(member).expert(expert);
    const Tensor features = head_.member(member).features(regions_)[expert][0];
    return at::matmul(asked.embedRegions(features), asked.embedSketches(summaries_)[0]);
  }
  Tensor evidence() {
    const Tensor embedded = head_.embedRegions(regions_);
    return head_.evidence(regions_, embedded, head_.nameRegions(embedded),
                          head_.embedSketches(summaries_), words_)[0];
  }
  static Tensor voteFor(std::int64_t member) {
    return at::one_hot(at::tensor({member}), 2).to(at::kFloat);
  }

  static constexpr std::int64_t kRegions = 14;
  at::NoGradGuard noGrad_;
  ModelConfig config_;
  Random random_;
  MatchHead head_;
  RegionFeatures regions_;
  Tensor summaries_, words_ = at::full({1, 5}, 0.2);
};

TEST_F(MatchHeadTest, EveryExpertKeepsItsOwnCosineAveragedOverMembers) {
  ASSERT_EQ(head_.members(), 2U);
  ASSERT_EQ(head_.experts(), 2U);
  EXPECT_FALSE(at::allclose(memberCosine(0, 0), memberCosine(1, 0), 1e-3, 1e-4))
      << "two members that are the same prove nothing";
  for (std::size_t expert = 0; expert < 2; ++expert) {
    const Tensor mean = (memberCosine(0, expert) + memberCosine(1, expert)) / 2;
    EXPECT_TRUE(
        at::allclose(cosines().select(1, static_cast<std::int64_t>(expert)), mean, 1e-4, 1e-5));
  }
}

TEST_F(MatchHeadTest, AVoteForOneMemberAsksThatMemberAlone) {
  EXPECT_TRUE(at::allclose(cosines(voteFor(1)).select(1, 0), memberCosine(1, 0), 1e-4, 1e-5));
  EXPECT_TRUE(at::allclose(cosines(at::tensor({0.5F, 0.5F}).unsqueeze(0)), cosines(), 1e-4, 1e-5));
}

TEST_F(MatchHeadTest, AveragedSketchesAreBroughtBackToTheirNorm) {
  const Tensor embedded = head_.embedSketches(summaries_);
  EXPECT_TRUE(at::allclose(head_.renormalized(embedded), embedded, 1e-4, 1e-5))
      << "one sketch must stay as it is";
  EXPECT_TRUE(at::allclose(head_.renormalized(embedded * 0.3), embedded, 1e-4, 1e-5));
}

TEST_F(MatchHeadTest, AFreshHeadScoresByCosinesAndObjectness) {
  const Tensor score = head_.score(evidence());
  const Tensor rest = score - 6 * cosines().sum(1) - at::log(regions_.objectness[0]);
  EXPECT_LT((rest - rest.mean()).abs().max().item<float>(), 1e-4) << "only an offset may be left";
  EXPECT_TRUE(at::isfinite(evidence()).all().item<bool>()) << "no words must not spoil the rest";
}

TEST_F(MatchHeadTest, ARegionNearTheWordThatTheDrawingShowsAgreesWithIt) {
  Tensor words = at::zeros({5, config_.embeddingWidth()});
  words[2] = head_.embedRegions(regions_)[0][3];
  head_.setWords(words);
  head_.setTrust(at::tensor({30.0F, 30.0F}));
  words_ = at::one_hot(at::tensor({2L}), 5).to(at::kFloat);
  const Tensor agreement = evidence().select(1, kAgreement);
  EXPECT_EQ(agreement.argmax().item<std::int64_t>(), 3);
  EXPECT_NEAR(agreement[3].item<float>(), 0.0F, 1e-3)
      << "the probability of the same word is nearly 1";
  words_ = at::one_hot(at::tensor({0L}), 5).to(at::kFloat);
  EXPECT_LT(evidence()[3][kAgreement].item<float>(), -8.0F);
}

TEST_F(MatchHeadTest, AnExpertThatIsNotTrustedNamesNothing) {
  Tensor words = at::zeros({5, config_.embeddingWidth()});
  words[2] = head_.embedRegions(regions_)[0][3];
  head_.setWords(words);
  head_.setTrust(at::zeros({2}));
  EXPECT_TRUE(at::allclose(head_.nameRegions(head_.embedRegions(regions_)),
                           at::full({1, kRegions, 5}, 0.2)));
}

TEST_F(MatchHeadTest, ContextIsOneNumberAPhotoAndPaddingIsNoPartOfIt) {
  const Tensor before = evidence().select(1, kContext);
  EXPECT_LT((before - before[0]).abs().max().item<float>(), 1e-6);
  regions_.valid.slice(1, 4) = false;
  const Tensor fewer = evidence().select(1, kContext);
  regions_.objectness.slice(1, 4).fill_(0.99);
  EXPECT_TRUE(at::allclose(evidence().select(1, kContext), fewer));
  EXPECT_LT(fewer[0].item<float>(), before[0].item<float>());
}

}  // namespace
}  // namespace inkling
