// Checkpoints of one stage: a run that is cut off and resumed ends with the same weights as one
// that is not.
#include <filesystem>

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/nn/layers.h"
#include "core/training/run_context.h"

namespace inkling {
namespace {

class StageTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // Trains on noise drawn from the step's seed, with dropout; cancels before step `cancelAt`.
  Tensor train(const std::string& name, std::int64_t cancelAt, bool resume,
               std::uint64_t seed = 5) {
    Random random(1);
    Mlp network(4, 16, 1, random, 0.3);
    RunContext context;
    context.folder = folder_ / name;
    std::filesystem::create_directories(context.folder);
    context.seed = seed;
    context.resume = resume;
    TrainLog log(context.folder / "log.csv");
    if (resume) log.readExisting();
    context.log = &log;
    StageOptions options;
    options.steps = 40;
    options.warmup = 5;
    options.logEvery = 10;
    options.checkpointEvery = 15;
    StageRunner runner("toy", network, options, context);
    runner.run([&](std::int64_t step) {
      if (step + 1 == cancelAt) context.cancellation.cancel();
      Random draw(runner.seedFor(step));
      const Tensor x = uniformTensor({8, 4}, 1.0, draw);
      const Tensor loss = (network.forward(x) - x.sum(1, true)).square().mean();
      return StepResult{loss, {}};
    });
    rows_ = log.rows().size();
    return network.fc1.weight.clone();
  }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("inkling-stage-" + std::to_string(::getpid()));
  std::size_t rows_ = 0;
};

TEST_F(StageTest, ResumingEndsWhereAnUninterruptedRunEnds) {
  const Tensor whole = train("whole", -1, false);
  const std::size_t rows = rows_;
  EXPECT_THROW(train("cut", 23, false), Cancelled);
  EXPECT_THROW(train("cut", 31, true), Cancelled);
  EXPECT_TRUE(at::equal(train("cut", -1, true), whole));
  EXPECT_EQ(rows_, rows);
}

TEST_F(StageTest, TheSeedDecidesEverything) {
  EXPECT_TRUE(at::equal(train("a", -1, false, 5), train("b", -1, false, 5)));
  EXPECT_FALSE(at::equal(train("a2", -1, false, 5), train("c", -1, false, 6)));
}

TEST_F(StageTest, AFinishedStageIsNotRunAgain) {
  const Tensor done = train("done", -1, false);
  EXPECT_TRUE(at::equal(train("done", 1, true), done));
}

TEST_F(StageTest, ACheckpointOfOtherSettingsIsRefused) {
  EXPECT_THROW(train("other", 23, false, 5), Cancelled);
  EXPECT_THROW(train("other", -1, true, 6), UsageError);
}

}  // namespace
}  // namespace inkling
