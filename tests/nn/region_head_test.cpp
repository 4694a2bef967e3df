// The region embedding: what it keeps of the matching head's scores, and which regions it chooses.
#include "core/nn/region_head.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/nn/tiny_model.h"

namespace inkling {
namespace {

class RegionHeadTest : public testing::Test {
 protected:
  RegionHeadTest() : match_(tiny_.network.matchHead()), width_(tiny_.config.embeddingWidth()) {
    at::manual_seed(8);
    match_.setTrust(at::full({1}, 2.0f));  // keeps probabilities far above the floor of agreement
    match_.setWords(match_.renormalized(at::randn({5, width_})));
    photo_ = tiny_.photo(4);
    photo_.regions.valid.fill_(true);
    photo_.regions.objectness = at::rand({1, kProposals}) * 0.8 + 0.1;
    // Random weights make all regions alike; these are as different as can be.
    photo_.embedding = match_.renormalized(at::randn({1, kProposals, width_}));
    photo_.names = match_.nameRegions(photo_.embedding);
    query_ = tiny_.query(6);
  }

  // Keeps everything: nothing is lost by a projection that is none.
  const RegionHead& lossless() {
    lossless_.setProjections(at::eye(width_), at::eye(width_));
    return lossless_;
  }

  static constexpr std::int64_t kProposals = 12;
  at::NoGradGuard noGrad_;
  TinyModel tiny_;
  MatchHead& match_;
  std::int64_t width_;
  RegionHead lossless_{width_, width_};
  PhotoBatch photo_;
  QueryTensors query_;
};

TEST_F(RegionHeadTest, WithoutAProjectionItScoresAsTheMatchingHeadDoes) {
  const RegionHead& head = lossless();
  const auto regions = head.choose(photo_, match_, kProposals);
  const auto scores = head.score(head.project(query_, match_), regions, match_);
  const Tensor evidence = match_.evidence(photo_.regions, photo_.embedding, photo_.names,
                                          query_.embedding, query_.words);
  const Tensor truth = match_.score(evidence);
  // The same set in another order.
  EXPECT_TRUE(
      at::allclose(std::get<0>(scores.logits.sort(1)), std::get<0>(truth.sort(1)), 1e-4, 1e-4));
  EXPECT_NEAR(scores.context[0].item<double>(), evidence[0][0][MatchHead::kContext].item<double>(),
              1e-4);
}

TEST_F(RegionHeadTest, AnInnerProductIsTheLogitOfADrawingThatShowsOneWordForCertain) {
  match_.setWeights(at::tensor({0.2f, 1.1f, 1.3f, -0.5f}), -2.0);
  query_.words = at::zeros({1, 5});
  query_.words[0][3] = 1;
  const RegionHead& head = lossless();
  const auto regions = head.choose(photo_, match_, kProposals);
  const auto query = head.project(query_, match_);
  const Tensor probes = head.probes(query, match_, 4);
  ASSERT_EQ(probes.sizes(), (std::vector<std::int64_t>{1, width_ + 2}));
  const Tensor products = at::matmul(head.indexed(regions, match_)[0], probes[0]);
  const auto scores = head.score(query, regions, match_);
  const Tensor rest = scores.logits[0] - products;  // the photo's context and the offset
  EXPECT_LT((rest - rest.mean()).abs().max().item<double>(), 2e-3);
}

TEST_F(RegionHeadTest, EveryWordThatADrawingMayShowIsAskedFor) {
  const RegionHead& head = lossless();
  query_.words = at::tensor({0.5f, 0.3f, 0.2f, 0.0f, 0.0f}).unsqueeze(0);
  const auto query = head.project(query_, match_);
  EXPECT_EQ(query.shares.size(0), 3) << "words without a chance are left out";
  EXPECT_EQ(head.probes(query, match_, 2).size(0), 2);
  EXPECT_EQ(head.probes(query, match_, 4).size(0), 3);
  const auto regions = head.choose(photo_, match_, kProposals);
  const Tensor products =
      at::matmul(head.indexed(regions, match_)[0], head.probes(query, match_, 4).t());
  const auto scores = head.score(query, regions, match_);
  EXPECT_EQ(std::get<0>(products.max(1)).argmax().item<std::int64_t>(),
            scores.logits[0].argmax().item<std::int64_t>())
      << "the best of the words is about their sum";
}

TEST_F(RegionHeadTest, RegionsCoverDifferentWords) {
  // Ten regions that show the first word, one each of the second and the third, less sure objects.
  photo_.names = at::zeros({1, kProposals, 5});
  photo_.names.select(2, 0).fill_(0.9);
  for (const std::int64_t other : {1, 2}) {
    photo_.names[0][other].zero_();
    photo_.names[0][other][other] = 0.9;
  }
  photo_.regions.objectness.fill_(0.8);
  photo_.regions.objectness[0][1] = 0.2;
  photo_.regions.objectness[0][2] = 0.3;
  const auto chosen = lossless().choose(photo_, match_, 3);
  const Tensor objectness = at::exp(chosen.objectness[0]);
  EXPECT_NEAR(objectness[0].item<double>(), 0.8, 1e-4);
  EXPECT_NEAR(objectness[1].item<double>(), 0.3, 1e-4);
  EXPECT_NEAR(objectness[2].item<double>(), 0.2, 1e-4);
}

TEST_F(RegionHeadTest, PaddingIsNeverChosen) {
  photo_.regions.valid.fill_(false);
  photo_.regions.valid[0][7] = true;
  const RegionHead& head = lossless();
  const auto chosen = head.choose(photo_, match_, 4);
  EXPECT_EQ(chosen.valid.sum().item<std::int64_t>(), 1);
  EXPECT_TRUE(at::equal(chosen.boxes[0][0], photo_.regions.boxes[0][7]));
  photo_.regions.valid.fill_(false);
  const auto none = head.choose(photo_, match_, 4);
  EXPECT_EQ(none.valid.sum().item<std::int64_t>(), 0);
  EXPECT_LT(head.score(head.project(query_, match_), none, match_).logits.max().item<double>(),
            -1e6);
}

TEST_F(RegionHeadTest, APhotoThatWasNotEmbeddedIsRefused) {
  photo_.embedding = Tensor();
  EXPECT_THROW(lossless().choose(photo_, match_, 4), UsageError);
}

}  // namespace
}  // namespace inkling
