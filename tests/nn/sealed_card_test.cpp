// The model on a card that computes what the processor computes, and is as strict as a real one.
#include "tests/nn/sealed_card.h"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "core/nn/attention/mechanisms.h"
#include "core/nn/device.h"
#include "tests/nn/tiny_model.h"

namespace inkling {
namespace {

TEST(SealedCard, ComputesAndReturnsNumbers) {
  const Tensor x = at::randn({3, 4}), y = at::randn({4, 5});
  const Tensor product = at::matmul(x.to(sealedCard()), y.to(sealedCard()));
  EXPECT_EQ(product.device(), sealedCard());
  EXPECT_TRUE(at::allclose(product.cpu(), at::matmul(x, y)));
  EXPECT_TRUE(at::equal(x.to(sealedCard()).t().slice(0, 1, 3).cpu(), x.t().slice(0, 1, 3)));
}

TEST(SealedCard, RefusesTensorsOfBothSides) {
  const Tensor x = at::randn({3}).to(sealedCard());
  EXPECT_ANY_THROW(x + at::ones({3}));
  EXPECT_ANY_THROW(x.index_select(0, at::zeros({1}, at::kLong)));
  EXPECT_ANY_THROW(at::cat({x, at::ones({3})}));
  EXPECT_NO_THROW(x + 1);
}

TEST(SealedCardDeathTest, ItsMemoryIsClosed) {
  const Tensor x = at::ones({3}).to(sealedCard());
  EXPECT_DEATH(std::printf("%f", static_cast<double>(*x.data_ptr<float>())), "");
}

TEST(SealedCard, GradientsAreTheProcessors) {
  const auto gradientOn = [](c10::Device device) {
    at::manual_seed(1);
    Tensor weight = at::randn({4, 3, 3, 3}).to(device).requires_grad_(true);
    const Tensor photo = at::randn({2, 3, 8, 8}).to(device);
    at::relu(at::conv2d(photo, weight)).square().mean().backward();
    return weight.grad().cpu();
  };
  EXPECT_TRUE(at::allclose(gradientOn(sealedCard()), gradientOn(at::kCPU)));
}

class OnSealedCard : public testing::TestWithParam<std::string> {};

TrunkInput input(c10::Device device) {
  at::manual_seed(5);
  TrunkInput input;
  input.vit = at::randn({2, 3, 56, 56}).to(device);
  input.content = at::tensor({1.0F, 0.75F, 0.5F, 1.0F}).view({2, 2}).to(device);
  return input;
}

LocalizerNetwork::Located answer(TinyModel& model, c10::Device device) {
  model.network.moveTo(device);
  model.trunk.moveTo(device);
  const PhotoBatch photos = model.network.prepare(model.trunk.describeBatch(input(device)));
  at::manual_seed(7);
  const Tensor rasters = at::rand({4, 1, 32, 32}).to(device);
  const QueryTensors query =
      model.network.understand(rasters, at::ones({2, 2}).to(device), &model.trunk);
  return model.network.locate(photos, query, 12, true, &model.trunk);
}

void expectSameAnswer(const ModelConfig& config, c10::Device card = sealedCard()) {
  const at::NoGradGuard noGrad;
  at::manual_seed(1);
  TinyModel here(config);
  at::manual_seed(1);
  TinyModel there(config);
  const auto expected = answer(here, at::kCPU), got = answer(there, card);
  EXPECT_TRUE(got.logits.device() == card && got.boxes.device() == card &&
              got.context.device() == card);
  EXPECT_TRUE(at::allclose(got.boxes.cpu(), expected.boxes, 1e-4, 1e-5));
  EXPECT_TRUE(at::allclose(got.logits.cpu(), expected.logits, 1e-4, 1e-5));
  EXPECT_TRUE(at::equal(got.valid.cpu(), expected.valid));
}

TEST_P(OnSealedCard, TheThreeVerbsSayWhatTheySayOnTheProcessor) {
  ModelConfig config = tinyConfig();
  config.guidance.attention = GetParam();
  expectSameAnswer(config);
}

// What a card computes alone can be recorded as a graph, and never waits.
TEST_P(OnSealedCard, NothingTravelsWhileUnderstandAndLocateCompute) {
  const at::NoGradGuard noGrad;
  ModelConfig config = tinyConfig();
  config.guidance.attention = GetParam();
  TinyModel model(config);
  model.network.moveTo(sealedCard());
  model.trunk.moveTo(sealedCard());
  const PhotoBatch photos = model.network.prepare(model.trunk.describeBatch(input(sealedCard())));
  const Tensor rasters = at::rand({2, 1, 32, 32}).to(sealedCard()),
               weights = at::ones({2, 1}).to(sealedCard());
  const auto answer = [&] {
    return model.network.locate(photos, model.network.understand(rasters, weights), 12, false);
  };
  answer();  // what is kept from the first time may be made then
  const std::int64_t before = sealedCardCrossings();
  answer();
  EXPECT_EQ(sealedCardCrossings() - before, 0);
}

TEST(OnSealedCard, TheShippedModelDescribesAsOnTheProcessorAndWithoutAWait) {
  const at::NoGradGuard noGrad;
  const char* source = std::getenv("INKLING_SOURCE_DIR");
  const std::filesystem::path file = std::filesystem::path(source != nullptr ? source : ".") /
                                     "resources/models/inkling-s.safetensors";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "there is no " << file;
  const Model here = readModel(file), there = readModel(file);
  there.trunk->moveTo(sealedCard());
  const TrunkConfig& config = here.config.trunk;
  TrunkInput pixels;
  pixels.vit = at::randn({1, 3, config.vitResolution, config.vitResolution});
  pixels.cnn = at::randn({1, 3, config.cnnResolution, config.cnnResolution});
  pixels.detector = at::rand({1, 3, config.detectorResolution, config.detectorResolution}) * 255;
  const TrunkInput placed{pixels.vit.to(sealedCard()),
                          pixels.cnn.to(sealedCard()),
                          pixels.detector.to(sealedCard()),
                          {}};
  const TrunkOutput expected = here.trunk->describeBatch(pixels);
  const std::int64_t before = sealedCardCrossings();
  const TrunkOutput got = there.trunk->describeBatch(placed);
  // Suppression, which a real card has a kernel for, fetches scores and boxes and returns indices.
  constexpr std::int64_t kSuppression = 4;
  EXPECT_EQ(sealedCardCrossings() - before, kSuppression);
  EXPECT_TRUE(at::allclose(got.tokens.cpu(), expected.tokens, 1e-2, 1e-3));
  EXPECT_TRUE(at::allclose(got.cnnMap.cpu(), expected.cnnMap, 1e-2, 1e-3));
  EXPECT_TRUE(at::allclose(got.objectness.cpu(), expected.objectness, 1e-2, 1e-3));
}

TEST(SealedCard, CountsWhatTravels) {
  const Tensor here = at::ones({3});
  const std::int64_t before = sealedCardCrossings();
  const Tensor there = here.to(sealedCard());
  EXPECT_EQ(sealedCardCrossings() - before, 1);
  const Tensor sum = (there + there).sum();
  EXPECT_EQ(sealedCardCrossings() - before, 1) << "computing is no crossing";
  EXPECT_EQ(sum.item<float>(), 6);
  EXPECT_EQ(sealedCardCrossings() - before, 2);
}

INSTANTIATE_TEST_SUITE_P(Mechanisms, OnSealedCard, testing::ValuesIn(attentionMechanisms()),
                         [](const auto& which) {
                           std::string name = which.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(OnSealedCard, SoDoTheOtherWaysOfGuidance) {
  for (const char* mode : {"early", "concat", "correlation"}) {
    SCOPED_TRACE(mode);
    expectSameAnswer(tinyConfig(mode));
  }
  expectSameAnswer(tinyConfig("late", "cosine"));
}

TEST(OnARealCard, TheThreeVerbsSayWhatTheySayOnTheProcessor) {
  const DeviceChoice choice = chooseDevice("cuda");
  if (!choice.device.is_cuda()) GTEST_SKIP() << choice.note;
  for (const std::string& mechanism : attentionMechanisms()) {
    SCOPED_TRACE(mechanism);
    ModelConfig config = tinyConfig();
    config.guidance.attention = mechanism;
    expectSameAnswer(config, choice.device);
  }
  for (const char* mode : {"early", "concat", "correlation"}) {
    SCOPED_TRACE(mode);
    expectSameAnswer(tinyConfig(mode), choice.device);
  }
}

}  // namespace
}  // namespace inkling
