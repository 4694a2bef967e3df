// inkling train: a short run on a few drawings, and what stops it.
#include <signal.h>

#include "core/base/file.h"
#include "core/image/photo_reader.h"
#include "tests/app/fixtures.h"
#include "tests/nn/tiny_model.h"

namespace inkling {
namespace {

using testing::HasSubstr;

std::string drawings(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    const int width = 100 + i, height = i % 2 == 0 ? 100 : 15;
    const Json drawing = {{{0, width, width, 0, 0}, {0, 0, height, height, 0}}};
    text += dumpJson({{"word", i % 2 == 0 ? "square" : "bar"}, {"drawing", drawing}}) + "\n";
  }
  return text;
}

std::string configuration(int steps) {
  writeTestFile("train.ndjson", drawings(24));
  writeTestFile("held.ndjson", drawings(6));
  Json model = tinyConfig().toJson();
  model.erase("words");
  const Json stage = {{"steps", steps}, {"batch", 8}, {"log_every", 2}, {"warmup", 2}};
  const Json config = {{"seed", 3},
                       {"data_root", "."},
                       {"data",
                        {{"sketches", "train.ndjson"},
                         {"held_sketches", "held.ndjson"},
                         {"weights", "weights"},
                         {"scenes", {{{"annotations", "boxes.json"}, {"photos", "photos"}}}}}},
                       {"model", model},
                       {"stages", {{"sketch", stage}}}};
  return writeTestFile("config.json", dumpJson(config));
}

TEST(Train, WritesALogAndAChartAndPrintsHeldOutFigures) {
  const std::string run = testFolder() / "run";
  const std::vector<std::string> arguments = {"train", "--config",     configuration(6), "--out",
                                              run,     "--last-stage", "sketch"};
  const ProgramResult result = inklingProgram(arguments);
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("top1"));
  EXPECT_THAT(readFile(run + "/log.csv"), HasSubstr("sketch,6,loss"));
  EXPECT_GT(readPhoto(run + "/loss.png").width, 200);

  const ProgramResult again = inklingProgram(arguments);
  EXPECT_EQ(again.status, 3) << "a run is never overwritten";
  EXPECT_THAT(again.err, HasSubstr("--resume"));
}

TEST(Train, TakesADeviceAndAPrecision) {
  const auto train = [&](const std::string& name, std::vector<std::string> more) {
    std::vector<std::string> arguments = {"train", "--config",          configuration(6),
                                          "--out", testFolder() / name, "--last-stage",
                                          "sketch"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return inklingProgram(arguments);
  };
  const ProgramResult mixed = train("mixed", {"--precision", "bfloat16"});
  EXPECT_EQ(mixed.status, 0) << mixed.err;
  EXPECT_EQ(train("plain", {}).status, 0);
  EXPECT_NE(readFile(testFolder() / "mixed/log.csv"), readFile(testFolder() / "plain/log.csv"));
  EXPECT_EQ(train("half", {"--precision", "float16"}).status, 2) << "its losses would need scaling";
  EXPECT_EQ(train("nowhere", {"--device", "gpu"}).status, 2);
  EXPECT_FALSE(std::filesystem::exists(testFolder() / "nowhere"));
  // Card or not: either it is used, or the reason is told and the processor goes on.
  const ProgramResult there = train("there", {"--device", "cuda:0"});
  EXPECT_EQ(there.status, 0) << there.err;
  EXPECT_THAT(readFile(testFolder() / "there/log.csv"), HasSubstr("sketch,6,loss"));
}

TEST(Train, CtrlCLeavesACheckpointAndAChart) {
  const std::string run = testFolder() / "run", config = configuration(1000000);
  const std::vector<std::string> arguments = {"train", "--config",     config,  "--out",
                                              run,     "--last-stage", "sketch"};
  RunningProgram program(arguments);
  ASSERT_TRUE(program.waitForStderr("sketch"));
  program.sendSignal(SIGINT);
  EXPECT_EQ(program.wait().status, 130);
  EXPECT_TRUE(std::filesystem::exists(run + "/sketch.checkpoint.safetensors"));
  EXPECT_TRUE(std::filesystem::exists(run + "/loss.png"));
}

TEST(Train, AConfigurationThatIsMissingOrNoJsonIsNamed) {
  for (const std::string& config :
       {(testFolder() / "missing.json").string(), writeTestFile("broken.json", "{")}) {
    const ProgramResult result =
        inklingProgram({"train", "--config", config, "--out", testFolder() / "run"});
    EXPECT_EQ(result.status, 1) << result.err;
    EXPECT_THAT(result.err, HasSubstr(std::filesystem::path(config).filename().string()));
    expectGoodManners(result);
  }
}

TEST(Train, AnUnwritableFolderIsStatusThree) {
  const std::string file = writeTestFile("file", "x");
  const std::string config = writeTestFile("config.json", "{}");
  const ProgramResult result =
      inklingProgram({"train", "--config", config, "--out", file + "/run"});
  EXPECT_EQ(result.status, 3) << result.err;
  expectGoodManners(result);
}

}  // namespace
}  // namespace inkling
