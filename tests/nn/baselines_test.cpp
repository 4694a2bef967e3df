// The ways of guidance that Inkling is compared with, on tensors, with a tiny model.
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/nn/correlation_gate.h"
#include "tests/nn/tiny_model.h"

namespace inkling {
namespace {

// The parameter is the mode of guidance; regions start from their objectness.
class BaselineTest : public testing::TestWithParam<std::string> {
 protected:
  LocalizerNetwork::Located locate(std::uint64_t sketch, std::int64_t drawings = 1,
                                   bool wantMaps = false) {
    return model_.network.locate(model_.photo(1), model_.query(sketch, drawings), 12, wantMaps,
                                 &model_.trunk);
  }
  TinyModel model_{tinyConfig(GetParam(), "objectness")};
};

TEST_P(BaselineTest, TheSketchChangesScoresButNotWhereTheyStart) {
  const at::NoGradGuard noGrad;
  const auto a = locate(5), b = locate(6);
  EXPECT_TRUE(at::equal(a.startLogits, b.startLogits));
  EXPECT_FALSE(at::allclose(a.logits, b.logits, 1e-4, 1e-5));
}

TEST_P(BaselineTest, ABatchOfPairsEqualsThePairsOneByOne) {
  const at::NoGradGuard noGrad;
  const PhotoBatch a = model_.photo(1), b = model_.photo(2);
  at::manual_seed(5);
  const Tensor rasters = at::rand({2, 1, 32, 32}), one = at::ones({1, 1});
  const QueryTensors both = model_.network.understand(rasters, at::ones({2, 1}));
  const auto joined = model_.network.locate(joinPhotos({&a, &b}), both, 12, false, &model_.trunk);
  const PhotoBatch* photos[] = {&a, &b};
  for (int i = 0; i < 2; ++i) {
    const QueryTensors query = model_.network.understand(rasters.slice(0, i, i + 1), one);
    const auto alone = model_.network.locate(*photos[i], query, 12, false, &model_.trunk);
    EXPECT_TRUE(at::allclose(joined.logits[i], alone.logits[0], 1e-3, 1e-4));
    EXPECT_TRUE(at::allclose(joined.boxes[i], alone.boxes[0], 1e-3, 1e-4));
  }
}

TEST_P(BaselineTest, EveryWeightThatTheGuidedStageTrainsGetsAGradient) {
  model_.network.requireGradients(true);
  const auto located = locate(5, 2);
  Tensor sum = located.guided.relevance.sum();
  for (const auto& layer : located.layers)
    sum = sum + layer.logits.sum() + layer.boxes.square().sum();
  sum.backward();
  // Sketch tokens are for attention; without it only the sketch's vector and map are used.
  const std::string unused = model_.config.guidance.attends() ? "fusion.pooling." : "fusion.";
  model_.network.visit([&](const std::string& name, Tensor& tensor, Module::Kind kind) {
    const bool elsewhere =
        name.starts_with("match.") || name.starts_with("sketch.") || name.starts_with(unused);
    if (kind == Module::Kind::kParameter && !elsewhere) {
      EXPECT_TRUE(tensor.grad().defined()) << name;
    }
  });
}

TEST_P(BaselineTest, OnlyWhatAttendsHasMaps) {
  const at::NoGradGuard noGrad;
  EXPECT_EQ(locate(5, 1, true).guided.sketchMaps.empty(), !model_.config.guidance.attends());
}

INSTANTIATE_TEST_SUITE_P(Modes, BaselineTest,
                         testing::Values("late", "early", "concat", "correlation"),
                         [](const auto& mode) { return mode.param; });

TEST(CorrelationGate, OpensPlaceByPlaceBetweenNothingAndAll) {
  const at::NoGradGuard noGrad;
  Random random(3);
  const CorrelationGate gate(8, 6, 4, random);
  at::manual_seed(1);
  const Tensor tokens = at::randn({2, 5, 8}), sketch = at::randn({2, 6, 3, 3});
  const Tensor gates = gate.gates(tokens, sketch);
  EXPECT_EQ(gates.sizes().vec(), (std::vector<std::int64_t>{2, 5, 1}));
  EXPECT_TRUE(((gates > 0) & (gates < 1)).all().item<bool>());
  EXPECT_TRUE(at::allclose(gate.gates(tokens.flip(1), sketch), gates.flip(1), 1e-4, 1e-5));
  EXPECT_TRUE(at::allclose(gate.forward(tokens, sketch), tokens * gates));
}

TEST(CosineStart, ARegionThatLooksLikeTheDrawingIsFirst) {
  const at::NoGradGuard noGrad;
  ModelConfig config = tinyConfig("late", "cosine");
  config.guidance.decoderLayers = 0;
  TinyModel model(config);
  PhotoBatch photo = model.photo(1);
  at::manual_seed(2);
  const Tensor raster = at::rand({1, 1, 32, 32});
  const QueryTensors query = model.network.understand(raster, at::ones({1, 1}), &model.trunk);
  photo.regions.tokens[0][7] = query.drawn[0] * 3;
  photo.regions.objectness.fill_(0.5);
  const auto located = model.network.locate(photo, query, 12, false);
  EXPECT_EQ(located.proposals[0][0].item<std::int64_t>(), 7);
  EXPECT_TRUE(at::equal(located.logits, located.startLogits));
  EXPECT_THROW(model.network.understand(raster, at::ones({1, 1})), UsageError);
}

TEST(CosineStart, DrawingsAreToldApartByTheTrunk) {
  const at::NoGradGuard noGrad;
  TinyModel model;
  Tensor rasters = at::zeros({2, 1, 32, 32});
  rasters[0].slice(1, 4, 8).fill_(1);
  rasters[1].slice(2, 20, 30).fill_(1);
  const Tensor drawn = model.trunk.describeDrawings(rasters);
  EXPECT_EQ(drawn.sizes().vec(), (std::vector<std::int64_t>{2, 64}));
  EXPECT_FALSE(at::allclose(drawn[0], drawn[1], 1e-3, 1e-3));
}

TEST(GuidanceConfig, ContradictionsAreNamed) {
  const auto with = [](const char* key, const Json& value) {
    Json json = tinyConfig().toJson();
    json["guidance"][key] = value;
    return json;
  };
  EXPECT_THROW(ModelConfig::fromJson(with("mode", "later"), "test"), UsageError);
  EXPECT_THROW(ModelConfig::fromJson(with("start", "luck"), "test"), UsageError);
  // A cosine start trains nothing, so there can be no decoder.
  EXPECT_THROW(ModelConfig::fromJson(with("start", "cosine"), "test"), UsageError);
  EXPECT_THROW(ModelConfig::fromJson(with("attention", "telepathy"), "test"), UsageError);
  EXPECT_EQ(ModelConfig::fromJson(with("mode", "concat"), "test").guidance.mode, "concat");
  EXPECT_EQ(ModelConfig::fromJson(with("attention", "dense"), "test").guidance.attention, "dense");
}

}  // namespace
}  // namespace inkling
