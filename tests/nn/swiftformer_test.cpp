#include "core/nn/swiftformer.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/nn/gradient_check.h"

namespace inkling {
namespace {

SwiftFormerConfig tiny() {
  SwiftFormerConfig config;
  config.layers = {1, 1, 2, 1};
  config.embedDims = {4, 6, 8, 10};
  config.classes = 5;
  return config;
}

TEST(SwiftFormer, PublishedSizesHaveTheirParameters) {
  // As the paper counts them, with both heads.
  for (const auto& [size, millions] :
       {std::pair("XS", 3.5), {"S", 6.1}, {"L1", 12.1}, {"L3", 28.5}}) {
    Random random(1);
    SwiftFormer network(SwiftFormerConfig::named(size), random);
    EXPECT_NEAR(static_cast<double>(network.parameterCount()) / 1e6, millions, 0.06) << size;
  }
  EXPECT_THROW(SwiftFormerConfig::named("L2"), UsageError);
}

TEST(SwiftFormer, AnyPhotoSizeGivesLogits) {
  Random random(1);
  const SwiftFormer network(tiny(), random);
  for (const auto& [height, width] : {std::pair(64, 64), {32, 96}, {37, 51}, {4, 3}, {1, 1}}) {
    const Tensor logits = network.forward(at::randn({2, 3, height, width}));
    EXPECT_EQ(logits.sizes().vec(), (std::vector<std::int64_t>{2, 5}));
    EXPECT_TRUE(logits.isfinite().all().item<bool>()) << height << " x " << width;
  }
}

TEST(SwiftFormer, TheAnswerIsTheMeanOfBothHeads) {
  Random random(1);
  const SwiftFormer network(tiny(), random);
  const Tensor photos = at::randn({2, 3, 32, 32});
  const auto [taught, distilled] = network.heads(photos);
  EXPECT_FALSE(at::allclose(taught, distilled));
  EXPECT_TRUE(at::allclose(network.forward(photos), (taught + distilled) / 2));
  SwiftFormerConfig single = tiny();
  single.distillation = false;
  EXPECT_FALSE(SwiftFormer(single, random).heads(photos).second.defined());
  single.classes = 0;
  EXPECT_EQ(SwiftFormer(single, random).forward(photos).size(1), 10);
}

TEST(SwiftFormer, FeaturesShrinkFromStageToStage) {
  Random random(1);
  SwiftFormerConfig config = tiny();
  config.featuresOnly = true;
  const SwiftFormer network(config, random);
  const auto features = network.features(at::randn({1, 3, 70, 64}));
  ASSERT_EQ(features.size(), 4U);
  EXPECT_EQ(features[0].sizes().vec(), (std::vector<std::int64_t>{1, 4, 18, 16}));
  EXPECT_EQ(features[3].sizes().vec(), (std::vector<std::int64_t>{1, 10, 3, 2}));
  EXPECT_THROW(network.forward(at::randn({1, 3, 32, 32})), UsageError);
  EXPECT_THROW(SwiftFormer(tiny(), random).features(at::randn({1, 3, 32, 32})), UsageError);
}

TEST(SwiftFormer, WhereNothingShrinksStagesFollowEachOther) {
  Random random(1);
  SwiftFormerConfig config = tiny();
  config.embedDims = {6, 6, 8, 8};
  config.downsamples = {false, false, false, false};
  SwiftFormer network(config, random);
  const StateDict state = network.state();
  EXPECT_TRUE(state.contains("network.1.0.layer_scale_1")) << "no downsampling after stage 0";
  EXPECT_TRUE(state.contains("network.2.proj.weight")) << "the channels change";
  config.featuresOnly = true;
  EXPECT_THROW(SwiftFormer(config, random), UsageError);
  config.embedDims = {6, 6};
  EXPECT_THROW(SwiftFormer(config, random), UsageError);
}

TEST(SwiftFormer, EvenKernelsAreRefused) {
  Random random(1);
  EXPECT_THROW(SwiftFormerConvEncoder(8, 16, 4, random), UsageError);
}

TEST(SwiftFormer, GradientAgreesWithNumericOne) {
  Random random(9);
  SwiftFormerEncoder encoder(4, 2.0, random, 0.5);
  expectGradient(encoder, at::randn({1, 4, 3, 5}),
                 [&](const Tensor& x) { return encoder.forward(x); });
  SwiftFormerConvEncoder convolutions(3, 6, 5, random);
  expectGradient(convolutions, at::randn({2, 3, 2, 4}),
                 [&](const Tensor& x) { return convolutions.forward(x); });
}

}  // namespace
}  // namespace inkling
