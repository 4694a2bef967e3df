// Ctrl-C: the photo in hand is finished, what was done is written.
#include <signal.h>

#include "core/base/file.h"
#include "tests/app/fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

class Interrupt : public testing::TestWithParam<int> {};

TEST_P(Interrupt, WritesValidJsonOfWhatWasDoneAndEndsWith130) {
  constexpr int kPhotos = 5000;
  const std::string photo = writePhoto("photo.jpg", 1, {900, 700});
  fs::create_directories(testFolder() / "many");
  for (int i = 0; i < kPhotos; ++i) {
    fs::create_symlink(photo, testFolder() / "many" / (std::to_string(i) + ".jpg"));
  }
  const std::string out = testFolder() / "found.json";
  RunningProgram program(
      {"find", "--sketch", ringSketch(), testFolder() / "many", "--format", "json", "--out", out});
  ASSERT_TRUE(program.waitForStderr("looking at photos"));
  EXPECT_FALSE(fs::exists(out)) << "nothing is written before the end";
  program.sendSignal(GetParam());
  const ProgramResult result = program.wait();
  EXPECT_EQ(result.status, 130) << result.err;
  const Json json = parsed(readFile(out));
  EXPECT_GE(json["photos"].size(), 1U);
  EXPECT_LT(json["photos"].size(), static_cast<std::size_t>(kPhotos));
  EXPECT_TRUE(json["failed"].empty());
}

INSTANTIATE_TEST_SUITE_P(Signals, Interrupt, testing::Values(SIGINT, SIGTERM));

}  // namespace
}  // namespace inkling
