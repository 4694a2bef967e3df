// Training on a card, and in mixed precision.
#include <ATen/Parallel.h>
#include <gmock/gmock.h>

#include "core/nn/attention/mechanisms.h"
#include "core/nn/device.h"
#include "core/nn/mixed_precision.h"
#include "core/training/scene_store.h"
#include "tests/nn/sealed_card.h"
#include "tests/training/made_up_world.h"

namespace inkling {
namespace {

// The last value that a log has for a stage and figure.
double figure(const TrainLog& log, const std::string& stage, const std::string& name) {
  double value = std::nan("");
  for (const LogRow& row : log.rows()) {
    const auto found = row.values.find(name);
    if (row.stage == stage && found != row.values.end()) value = found->second;
  }
  return value;
}

class TrainDeviceTest : public TrainRunTest {
 protected:
  // Gradients of a card are computed by a thread of their own, whose helpers would fight with
  // those of this one for the processor.
  void SetUp() override {
    TrainRunTest::SetUp();
    at::set_num_threads(1);
  }
  void TearDown() override {
    at::set_num_threads(threads_);
    TrainRunTest::TearDown();
  }

  TensorFile modelOf(const std::string& name) const {
    return readSafetensors(folder_ / name / "model.safetensors");
  }
  TrainLog logOf(const std::string& name) const {
    TrainLog log(folder_ / name / "log.csv");
    log.readExisting();
    return log;
  }

  // Models whose weights differ by rounding alone.
  void expectNearlyEqual(const std::string& one, const std::string& other) const {
    const TensorFile a = modelOf(one), b = modelOf(other);
    ASSERT_EQ(a.tensors.size(), b.tensors.size());
    for (const auto& [name, tensor] : a.tensors) {
      const Tensor left = tensor.to(at::kFloat), right = b.tensors.at(name).to(at::kFloat);
      EXPECT_TRUE(at::allclose(left, right, 2e-2, 4e-3))
          << name << ": " << (left - right).abs().max().item<float>();
    }
  }

  // Trains one configuration here and there.
  void expectTheCardAgrees(const std::string& name, const Json& config,
                           at::Device card = sealedCard()) {
    SCOPED_TRACE(name);
    writeFileAtomically(folder_ / "config.json", dumpJson(config));
    device_ = at::kCPU;
    run(name);
    device_ = card;
    run(name + "-card");
    expectNearlyEqual(name, name + "-card");
    const TrainLog here = logOf(name), there = logOf(name + "-card");
    ASSERT_EQ(here.rows().size(), there.rows().size());
    for (const char* stage : {"sketch", "guided"}) {
      const double loss = figure(here, stage, "loss");
      if (std::isnan(loss)) continue;  // this run has no such stage
      EXPECT_NEAR(figure(there, stage, "loss"), loss, 2e-3 * std::abs(loss)) << stage;
    }
  }

 private:
  int threads_ = at::get_num_threads();
};

TEST_F(TrainDeviceTest, ARunOnACardLearnsWhatItLearnsOnTheProcessor) {
  expectTheCardAgrees("whole", config());
}

// There dropout differs, and the order of sums: what is compared is the loss.
TEST_F(TrainDeviceTest, ARunOnARealCardLearnsAsMuch) {
  const DeviceChoice choice = chooseDevice("cuda");
  if (!choice.device.is_cuda()) GTEST_SKIP() << choice.note;
  run("here");
  device_ = choice.device;
  run("there");
  precision_ = at::kBFloat16;
  run("mixed");
  for (const char* stage : {"sketch", "guided"}) {
    const double loss = figure(logOf("here"), stage, "loss");
    for (const char* name : {"there", "mixed"})
      EXPECT_NEAR(figure(logOf(name), stage, "loss"), loss, 0.1 * std::abs(loss)) << stage;
  }
}

TEST_F(TrainDeviceTest, SoDoesEveryAttentionMechanism) {
  run("whole");
  for (const std::string& mechanism : attentionMechanisms()) {
    Json guided = config();
    guided.erase("model");
    guided["base"] = "whole/model.safetensors";
    guided["guidance"] = {{"attention", mechanism}};
    expectTheCardAgrees(mechanism, guided);
  }
}

TEST_F(TrainDeviceTest, SoDoTheOtherKindsOfGuidance) {
  const std::pair<const char*, const char*> kinds[] = {{"early", "matching"},
                                                       {"late", "objectness"},
                                                       {"concat", "objectness"},
                                                       {"correlation", "objectness"},
                                                       {"late", "cosine"}};
  for (const auto& [mode, start] : kinds) {
    Json kind = config();
    kind["model"]["guidance"]["mode"] = mode;
    kind["model"]["guidance"]["start"] = start;
    kind["model"]["index"]["dim"] = 0;
    if (std::string(start) == "cosine") kind["model"]["guidance"]["decoder_layers"] = 0;
    expectTheCardAgrees(fmt::format("{}-{}", mode, start), kind);
  }
}

TEST_F(TrainDeviceTest, TheIndexOfAFinishedModelIsTrainedThereToo) {
  run("whole");
  Json index = config();
  index.erase("model");
  index["base"] = "whole/model.safetensors";
  index["index"] = {{"dim", 5}};
  expectTheCardAgrees("indexed", index);
}

TEST_F(TrainDeviceTest, AnInterruptedRunOnACardResumesToTheSameModel) {
  device_ = sealedCard();
  const std::string whole = run("whole");
  for (const int stopAfter : {1, 2, 3})
    EXPECT_THROW(run("cut", stopAfter > 1, stopAfter), Cancelled);
  EXPECT_EQ(run("cut", true), whole);
}

TEST_F(TrainDeviceTest, ARunMayGoOnOnAnotherDevice) {
  run("here");
  EXPECT_THROW(run("moved", false, 4), Cancelled);
  device_ = sealedCard();
  EXPECT_THROW(run("moved", true, 4), Cancelled);
  device_ = at::kCPU;
  run("moved", true);
  expectNearlyEqual("here", "moved");
}

TEST_F(TrainDeviceTest, InMixedPrecisionEveryMechanismLearnsNearlyTheSame) {
  for (const std::string& mechanism : attentionMechanisms()) {
    SCOPED_TRACE(mechanism);
    Json kind = config();
    kind["model"]["guidance"]["attention"] = mechanism;
    writeFileAtomically(folder_ / "config.json", dumpJson(kind));
    precision_ = at::kFloat;
    run(mechanism);
    precision_ = at::kBFloat16;
    const std::string mixed = run(mechanism + "-mixed");
    EXPECT_NE(mixed, readFile(folder_ / mechanism / "model.safetensors")) << "nothing was mixed";
    const TrainLog exact = logOf(mechanism), rough = logOf(mechanism + "-mixed");
    for (const char* stage : {"sketch", "matching-0", "guided", "index"}) {
      const double loss = figure(exact, stage, "loss");
      EXPECT_NEAR(figure(rough, stage, "loss"), loss, 0.03 * std::abs(loss) + 0.01) << stage;
    }
  }
}

TEST_F(TrainDeviceTest, AMixedRunRepeatsItselfAndResumes) {
  precision_ = at::kBFloat16;
  const std::string whole = run("whole");
  EXPECT_EQ(run("again"), whole);
  for (const int stopAfter : {1, 2, 3})
    EXPECT_THROW(run("cut", stopAfter > 1, stopAfter), Cancelled);
  EXPECT_EQ(run("cut", true), whole);
  // Weights stay float32: a step smaller than a half type can tell is not lost.
  for (const auto& [name, tensor] :
       readSafetensors(folder_ / "whole" / "guided.checkpoint.safetensors").tensors) {
    if (!name.starts_with("weights.")) continue;
    EXPECT_EQ(tensor.scalar_type(), at::kFloat) << name;
  }
}

TEST(MixedPrecision, EndsWithItsBlock) {
  const Tensor a = at::randn({4, 4}), b = at::randn({4, 4});
  {
    const MixedPrecision mixed(at::kCPU, at::kBFloat16);
    EXPECT_EQ(at::matmul(a, b).scalar_type(), at::kBFloat16);
  }
  EXPECT_EQ(at::matmul(a, b).scalar_type(), at::kFloat);
  const MixedPrecision none(at::kCPU, at::kFloat);
  EXPECT_EQ(at::matmul(a, b).scalar_type(), at::kFloat);
}

class SceneStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < 2; ++i) {
      PhotoTensors photo;
      photo.tokens = at::randn({16, 8});
      photo.boxes = at::rand({5, 4});
      photo.objectness = at::rand({5});
      photo.count = 3;
      scenes_[i].features = folder_ / (std::to_string(i) + ".safetensors");
      writePhotoTensors(scenes_[i].features, photo);
    }
  }
  void TearDown() override { fs::remove_all(folder_); }

  static constexpr std::int64_t kBytes = 16 * 8 * 2 + 5 * 5 * 4;  // of one photo: half and float
  Scene scenes_[2];
  fs::path folder_ = fs::temp_directory_path() / ("inkling-store-" + std::to_string(::getpid()));
};

TEST_F(SceneStoreTest, HoldsOnACardWhatFitsAndGivesTheSameEitherWay) {
  SceneStore store(sealedCard(), kBytes);
  for (int round = 0; round < 2; ++round) {
    for (const Scene& scene : scenes_) {
      const PhotoTensors held = store.read(scene), plain = readPhotoTensors(scene.features);
      EXPECT_EQ(held.tokens.device(), sealedCard());
      EXPECT_TRUE(at::equal(held.tokens.cpu(), plain.tokens));
      EXPECT_TRUE(at::equal(held.boxes.cpu(), plain.boxes));
      EXPECT_EQ(held.count, 3);
    }
  }
  EXPECT_EQ(store.bytesHeld(), kBytes) << "one photo fits";
  fs::remove(scenes_[0].features);
  EXPECT_NO_THROW(store.read(scenes_[0])) << "held";
  fs::remove(scenes_[1].features);
  EXPECT_THROW(store.read(scenes_[1]), Error) << "not held";
}

TEST_F(SceneStoreTest, HoldsNothingOnTheProcessor) {
  SceneStore store(at::kCPU, 1 << 20);
  store.read(scenes_[0]);
  EXPECT_EQ(store.bytesHeld(), 0);
}

}  // namespace
}  // namespace inkling
