// Whole training runs on a made-up world.
#include <gmock/gmock.h>

#include "core/nn/attention/mechanisms.h"
#include "core/nn/region_head.h"
#include "tests/training/made_up_world.h"

namespace inkling {
namespace {

TEST_F(TrainRunTest, AFinishedModelGetsARegionEmbeddingAndChangesInNothingElse) {
  Json plain = config();
  plain["model"]["index"]["dim"] = 0;
  writeFileAtomically(folder_ / "config.json", dumpJson(plain));
  run("plain");
  Json index = config();
  index["base"] = "plain/model.safetensors";
  index["index"] = {{"dim", 5}, {"regions", 3}};
  writeFileAtomically(folder_ / "config.json", dumpJson(index));
  const std::string first = run("indexed");
  EXPECT_EQ(first, run("again"));

  const TensorFile before = readSafetensors(folder_ / "plain" / "model.safetensors");
  const TensorFile after = readSafetensors(folder_ / "indexed" / "model.safetensors");
  EXPECT_EQ(after.tensors.size(), before.tensors.size() + 2);
  for (const auto& [name, tensor] : before.tensors)
    EXPECT_TRUE(at::equal(tensor, after.tensors.at(name))) << name;
  Model model = readModel(folder_ / "indexed" / "model.safetensors");
  ASSERT_NE(model.network->regionHead(), nullptr);
  EXPECT_EQ(model.network->regionHead()->dim(), 5);
  EXPECT_EQ(model.config.indexRegions, 3);
  EXPECT_EQ(readModel(folder_ / "plain" / "model.safetensors").network->regionHead(), nullptr);
}

TEST_F(TrainRunTest, AFinishedModelGetsAnotherGuidedPartAndKeepsTheRest) {
  writeFileAtomically(folder_ / "config.json", dumpJson(config()));
  run("whole");
  Json guided = config();
  guided.erase("model");
  guided["seed"] = 4;
  guided["base"] = "whole/model.safetensors";
  guided["guidance"] = {{"attention", "additive"}};
  writeFileAtomically(folder_ / "config.json", dumpJson(guided));
  const std::string first = run("guided");
  EXPECT_EQ(first, run("again"));
  for (const int stopAfter : {1, 2})
    EXPECT_THROW(run("cut", stopAfter > 1, stopAfter), Cancelled);
  EXPECT_EQ(run("cut", true), first);

  const TensorFile before = readSafetensors(folder_ / "whole" / "model.safetensors");
  const TensorFile after = readSafetensors(folder_ / "guided" / "model.safetensors");
  int kept = 0, changed = 0;
  for (const auto& [name, tensor] : after.tensors) {
    const bool isNew = name.starts_with("guided.") || name.starts_with("decoder.") ||
                       (name.starts_with("fusion.") && !name.starts_with("fusion.pooling."));
    if (isNew) {
      ++changed;
    } else {
      ++kept;
      EXPECT_TRUE(at::equal(tensor, before.tensors.at(name))) << name;
    }
  }
  EXPECT_GT(kept, 50);
  EXPECT_GT(changed, 30);
  EXPECT_TRUE(after.tensors.contains("guided.layers.0.self.attention.w_g"));
  EXPECT_FALSE(after.tensors.contains("guided.layers.0.self.attention.in_proj_weight"));
  const Model model = readModel(folder_ / "guided" / "model.safetensors");
  EXPECT_EQ(model.config.guidance.attention, "additive");
  EXPECT_EQ(model.config.indexDim,
            readModel(folder_ / "whole" / "model.safetensors").config.indexDim);
  EXPECT_EQ(model.card.at("training").at("guidance").at("seed"), 4);
}

TEST_F(TrainRunTest, ABaseWhoseRegionsAreNotMatchedGetsNoGuidedPart) {
  Json plain = config();
  plain["model"]["guidance"]["start"] = "objectness";
  plain["model"]["index"]["dim"] = 0;
  writeFileAtomically(folder_ / "config.json", dumpJson(plain));
  run("plain");
  Json guided = config();
  guided["base"] = "plain/model.safetensors";
  guided["guidance"] = {{"attention", "additive"}};
  writeFileAtomically(folder_ / "config.json", dumpJson(guided));
  try {
    run("guided");
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("config.json"));
    EXPECT_THAT(error.what(), testing::HasSubstr("matched before"));
  }
}

TEST_F(TrainRunTest, GivesAModelThatLoadsAndTheSameOneEveryTime) {
  const std::string first = run("one");
  EXPECT_EQ(first, run("two"));
  const Model model = readModel(folder_ / "one" / "model.safetensors");
  EXPECT_EQ(model.config.words, (std::vector<std::string>{"bar", "square"}));
  EXPECT_EQ(model.card.at("training").at("seed"), 3);
  const std::string log = readFile(folder_ / "one" / "log.csv");
  for (const char* stage : {"sketch,6,loss", "matching-0,6,loss", "matching-1,6,loss",
                            "fusion,4,loss", "calibration,0,presence_auroc", "guided,6,loss",
                            "guided,6,giou", "index,6,contrast", "output,0,f1"}) {
    EXPECT_THAT(log, testing::HasSubstr(stage));
  }
}

TEST_F(TrainRunTest, AnInterruptedRunResumesToTheSameModel) {
  const std::string whole = run("whole");
  for (const int stopAfter : {1, 2, 3})
    EXPECT_THROW(run("cut", stopAfter > 1, stopAfter), Cancelled);
  EXPECT_EQ(run("cut", true), whole);
}

TEST_F(TrainRunTest, EveryKindOfGuidanceTrainsToo) {
  const std::pair<const char*, const char*> kinds[] = {
      {"early", "matching"},    {"late", "objectness"},        {"early", "objectness"},
      {"concat", "objectness"}, {"correlation", "objectness"}, {"late", "cosine"}};
  for (const auto& [mode, start] : kinds) {
    SCOPED_TRACE(fmt::format("{} {}", mode, start));
    Json kind = config();
    kind["model"]["guidance"]["mode"] = mode;
    kind["model"]["guidance"]["start"] = start;
    kind["model"]["index"]["dim"] = 0;  // nothing to index by without a match ahead of the sketch
    if (std::string(start) == "cosine") kind["model"]["guidance"]["decoder_layers"] = 0;
    writeFileAtomically(folder_ / "config.json", dumpJson(kind));
    const std::string name = fmt::format("{}-{}", mode, start);
    run(name);
    const ModelConfig trained = readModel(folder_ / name / "model.safetensors").config;
    EXPECT_EQ(trained.guidance.mode, mode);
    EXPECT_EQ(trained.guidance.start, start);
    const bool guided = readFile(folder_ / name / "log.csv").find("guided,6") != std::string::npos;
    EXPECT_EQ(guided, std::string(start) != "cosine");
  }
}

TEST_F(TrainRunTest, EveryAttentionMechanismTrainsToo) {
  for (const std::string& mechanism : attentionMechanisms()) {
    SCOPED_TRACE(mechanism);
    Json kind = config();
    kind["model"]["guidance"]["attention"] = mechanism;
    writeFileAtomically(folder_ / "config.json", dumpJson(kind));
    run(mechanism);
    const Model trained = readModel(folder_ / mechanism / "model.safetensors");
    EXPECT_EQ(trained.config.guidance.attention, mechanism);
    EXPECT_NE(readFile(folder_ / mechanism / "log.csv").find("guided,6"), std::string::npos);
  }
}

TEST_F(TrainRunTest, TheSketchStageCanStartFromAnotherRun) {
  run("first");
  Json further = config();
  further["stages"]["sketch"]["start"] = "first/sketch.checkpoint.safetensors";
  further["stages"]["sketch"]["learning_rate"] = 1e-9;
  further["stages"]["sketch"]["filled"] = 0.5;
  writeFileAtomically(folder_ / "config.json", dumpJson(further));
  run("second");
  const auto weights = [&](const char* name) {
    return readSafetensors(folder_ / name / "sketch.checkpoint.safetensors")
        .tensors.at("weights.classifier.weight");
  };
  EXPECT_TRUE(at::allclose(weights("first"), weights("second"), 1e-4, 1e-6));
  further["stages"]["sketch"]["start"] = "nowhere.safetensors";
  writeFileAtomically(folder_ / "config.json", dumpJson(further));
  EXPECT_THROW(run("third"), Error);
}

TEST_F(TrainRunTest, ARunIsNeverOverwritten) {
  run("kept");
  EXPECT_THROW(run("kept"), OutputError);
}

TEST_F(TrainRunTest, PhotosOfExcludedWordsAreRefused) {
  Json excluding = config();
  excluding["data"]["excluded_words"] = {"bar"};
  writeFileAtomically(folder_ / "config.json", dumpJson(excluding));
  EXPECT_THROW(run("excluding"), InputError);
}

TEST_F(TrainRunTest, BadConfigurationsAreNamed) {
  const auto expectError = [&](const Json& json, const char* part) {
    writeFileAtomically(folder_ / "config.json", dumpJson(json));
    try {
      run("bad-" + std::to_string(testing::UnitTest::GetInstance()->random_seed()));
      FAIL() << "accepted: " << part;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr(part));
    }
  };
  Json json = config();
  json["data"].erase("sketches");
  expectError(json, "sketches");
  json = config();
  json["stages"]["sketch"]["steps"] = "many";
  expectError(json, "steps");
  json = config();
  json["data"]["weights"] = "nowhere";
  json["stages"]["sketch"]["steps"] = 1;
  expectError(json, "nowhere");
}

}  // namespace
}  // namespace inkling
