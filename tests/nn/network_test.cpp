// The three verbs on tensors, with a tiny model.
#include <limits>

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/nn/tiny_model.h"

namespace inkling {
namespace {

class GuidanceTest : public testing::TestWithParam<std::string> {};

TEST_P(GuidanceTest, ABatchOfPairsEqualsThePairsOneByOne) {
  const at::NoGradGuard noGrad;
  TinyModel model(GetParam());
  const PhotoBatch a = model.photo(1), b = model.photo(2);
  const QueryTensors q = model.query(5), r = model.query(6);
  QueryTensors both = q;
  both.embedding = at::cat({q.embedding, r.embedding});
  both.words = at::cat({q.words, r.words});
  both.tokens = at::cat({q.tokens, r.tokens});
  both.keyBias = at::cat({q.keyBias, r.keyBias});
  both.maps = at::cat({q.maps, r.maps});
  both.summary = at::cat({q.summary, r.summary});
  const auto joined = model.network.locate(joinPhotos({&a, &b}), both, 12, false, &model.trunk);
  const auto first = model.network.locate(a, q, 12, false, &model.trunk);
  const auto second = model.network.locate(b, r, 12, false, &model.trunk);
  EXPECT_TRUE(at::allclose(joined.logits[0], first.logits[0], 1e-3, 1e-4));
  EXPECT_TRUE(at::allclose(joined.boxes[1], second.boxes[0], 1e-3, 1e-4));
}

TEST_P(GuidanceTest, TheSketchChangesWhatIsFound) {
  const at::NoGradGuard noGrad;
  TinyModel model(GetParam());
  const PhotoBatch photo = model.photo(1);
  const auto a = model.network.locate(photo, model.query(5), 12, false, &model.trunk);
  const auto b = model.network.locate(photo, model.query(6), 12, false, &model.trunk);
  EXPECT_FALSE(at::allclose(a.guided.tokens, b.guided.tokens, 1e-4, 1e-5));
  EXPECT_FALSE(at::allclose(a.matchLogits, b.matchLogits, 1e-4, 1e-5));
}

TEST_P(GuidanceTest, EveryTrainedWeightGetsAGradient) {
  TinyModel model(GetParam());
  model.network.requireGradients(true);
  const auto located =
      model.network.locate(model.photo(1), model.query(5, 2), 12, false, &model.trunk);
  Tensor sum = located.guided.relevance.sum() + located.matchLogits.sum();
  for (const auto& layer : located.layers)
    sum = sum + layer.logits.sum() + layer.boxes.square().sum();
  sum.backward();
  std::vector<std::string> without;
  model.network.visit([&](const std::string& name, Tensor& tensor, Module::Kind kind) {
    // The region embedding has a stage of its own and is no part of locating.
    if (kind == Module::Kind::kParameter && !tensor.grad().defined() && !name.starts_with("index."))
      without.push_back(name);
  });
  // The members' temperatures and offsets act in the losses of their own stage only.
  const std::vector<std::string> ownStage{
      "match.members.0.offset", "match.members.0.tokens.contrast_scale", "match.members.1.offset",
      "match.members.1.tokens.contrast_scale"};
  EXPECT_EQ(without, ownStage);
}

TEST_P(GuidanceTest, MapsAreProbabilitiesOfTheRightShape) {
  const at::NoGradGuard noGrad;
  TinyModel model(GetParam());
  const auto located =
      model.network.locate(model.photo(1), model.query(5, 3), 12, true, &model.trunk);
  ASSERT_EQ(located.guided.sketchMaps.size(), 2U);
  // 16 photo places; "nothing" and 3 sketches of a summary and 2 x 2 cells.
  EXPECT_EQ(located.guided.sketchMaps[0].sizes().vec(),
            (std::vector<std::int64_t>{1, 2, 16, 1 + 3 * 5}));
  EXPECT_TRUE(at::allclose(located.guided.sketchMaps[1].sum(-1), at::ones({1, 2, 16}), 1e-4, 1e-5));
}

INSTANTIATE_TEST_SUITE_P(Modes, GuidanceTest, testing::Values("late", "early"),
                         [](const auto& mode) { return mode.param; });

TEST(Fusion, OneSketchIsAsIfThereWereNoFusion) {
  const at::NoGradGuard noGrad;
  TinyModel model;
  const Tensor raster = at::rand({1, 1, 32, 32});
  const QueryTensors query = model.network.understand(raster, at::ones({1, 1}));
  const auto encoded = model.network.sketchEncoder().forward(raster);
  EXPECT_TRUE(at::allclose(query.embedding,
                           model.network.matchHead().embedSketches(encoded.summary), 1e-5, 1e-6));
  EXPECT_TRUE(at::allclose(query.keyBias, at::zeros_like(query.keyBias), 0, 1e-6));
}

// The wanted and the unwanted drawing as queries, and the wanted one without the other.
struct NotThisTest : testing::Test {
  at::NoGradGuard noGrad;
  TinyModel model;
  QueryTensors wanted = model.query(5), other = model.query(6);
  QueryTensors without(const QueryTensors& unwanted) {
    return withoutUnwanted(wanted, unwanted, model.network.matchHead());
  }
  double likeness(const QueryTensors& a, const QueryTensors& b) {
    return (a.embedding * b.embedding).sum().item<double>();
  }
};

TEST_F(NotThisTest, TheQueryMovesAwayFromWhatIsUnwanted) {
  const QueryTensors changed = without(other);
  EXPECT_LT(likeness(changed, other), likeness(wanted, other));
  EXPECT_NEAR(likeness(changed, changed), likeness(wanted, wanted), 1e-4);
  EXPECT_NEAR(changed.words.sum().item<double>(), 1, 1e-5);
}

TEST_F(NotThisTest, AWordThatBothMayShowLosesMost) {
  wanted.words = at::tensor({0.5F, 0.4F, 0.1F, 0.0F, 0.0F}).unsqueeze(0);
  other.words = at::tensor({0.0F, 0.9F, 0.1F, 0.0F, 0.0F}).unsqueeze(0);
  const Tensor words = without(other).words[0];
  EXPECT_GT(words[0].item<double>(), 0.65);
  EXPECT_LT(words[1].item<double>(), 0.2);
}

TEST_F(NotThisTest, TheSameDrawingUnwantedChangesNothing) {
  const QueryTensors changed = without(wanted);
  EXPECT_TRUE(at::allclose(changed.embedding, wanted.embedding, 1e-3, 1e-5));
  EXPECT_TRUE(at::allclose(changed.words, wanted.words, 1e-4, 1e-6));
}

TEST(Fusion, TheOrderOfSketchesDoesNotMatter) {
  const at::NoGradGuard noGrad;
  TinyModel model;
  const Tensor rasters = at::rand({3, 1, 32, 32}), order = at::tensor({2, 0, 1}, at::kLong);
  const Tensor weights = at::tensor({1.0F, 0.5F, 2.0F}).unsqueeze(0);
  const PhotoBatch photo = model.photo(1);
  const auto a = model.network.locate(photo, model.network.understand(rasters, weights), 12, false);
  const auto b = model.network.locate(
      photo,
      model.network.understand(rasters.index_select(0, order), weights.index_select(1, order)), 12,
      false);
  EXPECT_TRUE(at::allclose(a.logits, b.logits, 1e-3, 1e-4));
  EXPECT_TRUE(at::allclose(a.boxes, b.boxes, 1e-3, 1e-4));
}

TEST(Fusion, TheSameSketchTwiceIsTheSketchOnce) {
  const at::NoGradGuard noGrad;
  TinyModel model;
  const Tensor raster = at::rand({1, 1, 32, 32});
  const PhotoBatch photo = model.photo(1);
  const auto once =
      model.network.locate(photo, model.network.understand(raster, at::ones({1, 1})), 12, false);
  const auto twice = model.network.locate(
      photo, model.network.understand(at::cat({raster, raster}), at::ones({1, 2})), 12, false);
  EXPECT_TRUE(at::allclose(once.matchLogits, twice.matchLogits, 1e-3, 1e-4));
  EXPECT_TRUE(at::allclose(once.guided.tokens, twice.guided.tokens, 1e-3, 1e-4));
}

TEST(Fusion, ASketchOfWeightZeroIsAsIfItWereNotThere) {
  const at::NoGradGuard noGrad;
  TinyModel model;
  const Tensor rasters = at::rand({2, 1, 32, 32});
  const PhotoBatch photo = model.photo(1);
  const auto one = model.network.locate(
      photo, model.network.understand(rasters.slice(0, 0, 1), at::ones({1, 1})), 12, false);
  const Tensor weights = at::tensor({1.0F, 0.0F}).unsqueeze(0);
  const auto off =
      model.network.locate(photo, model.network.understand(rasters, weights), 12, false);
  EXPECT_TRUE(at::isfinite(off.logits).all().item<bool>());
  EXPECT_TRUE(at::allclose(one.logits, off.logits, 1e-3, 1e-4));
}

TEST(Trunk, GridProposalsStayInsideThePhoto) {
  const at::NoGradGuard noGrad;
  TinyModel model;
  TrunkInput input;
  input.vit = at::randn({1, 3, 56, 56});
  input.content = at::tensor({1.0F, 0.5F}).unsqueeze(0);
  const PhotoTensors photo = model.trunk.describe(input);
  ASSERT_EQ(photo.count, 12);
  const Tensor bottom = photo.boxes.select(1, 1) + photo.boxes.select(1, 3) / 2;
  EXPECT_LE(bottom.max().item<float>(), 0.5F + 1e-5F);
  EXPECT_GE((photo.boxes.select(1, 0) - photo.boxes.select(1, 2) / 2).min().item<float>(), -1e-5F);
}

TEST(PoolBoxes, AMapThatGrowsToTheRightGivesTheCentreOfTheBox) {
  const Tensor ramp = ((at::arange(8, at::kFloat) + 0.5) / 8).expand({1, 1, 8, 8});
  const Tensor boxes =
      at::tensor({0.25F, 0.5F, 0.2F, 0.4F, 0.6F, 0.5F, 0.4F, 0.4F}).view({1, 2, 4});
  const Tensor pooled = poolBoxes(ramp, boxes, 0.7, 5);
  EXPECT_NEAR(pooled[0][0].item<float>(), 0.25, 1e-4);
  EXPECT_NEAR(pooled[0][1].item<float>(), 0.6, 1e-4);
}

}  // namespace
}  // namespace inkling
