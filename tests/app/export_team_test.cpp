// inkling export by several processes of one MPI run, one of which is killed.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <thread>

#include <fmt/format.h>

#include "core/base/file.h"
#include "tests/app/fixtures.h"
#include "tests/app/team_launcher.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class ExportTeam : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string reason = noTeamBecause(); !reason.empty()) GTEST_SKIP() << reason;
    for (int i = 0; i < kPhotos; ++i)
      writePhoto("photos/" + std::to_string(i) + ".jpg", i, {1600, 1200});
    writeTestFile("photos/broken.jpg", "no photo");
  }
  static constexpr int kPhotos = 120;

  static fs::path out(const std::string& name) { return testFolder() / name; }
  static std::vector<std::string> arguments(const fs::path& out) {
    return {"export",
            "--sketch",
            "ring=" + ringSketch(),
            testFolder() / "photos",
            "--format",
            "yolo",
            "--out",
            out,
            "--threshold",
            "0",
            "--quiet"};
  }
  static std::vector<std::string> launcher() { return teamOfFour({"--enable-recovery"}); }
  static void exportAlone(const fs::path& out) {
    EXPECT_EQ(inklingProgram(arguments(out)).status, 1) << "for broken.jpg";
  }
  /// The process with this rank below mpirun; 0: not there (any more, or yet).
  static pid_t memberOf(pid_t launcher, int rank) {
    for (const auto& entry : fs::directory_iterator("/proc")) {
      const pid_t pid = std::atoi(entry.path().filename().c_str());
      if (pid <= 0) continue;
      std::ifstream stat(entry.path() / "stat");
      std::string number, name, state;
      pid_t parent = 0;
      stat >> number >> name >> state >> parent;
      if (parent != launcher) continue;
      std::ifstream file(entry.path() / "environ");
      const std::string all((std::istreambuf_iterator<char>(file)), {});
      if (all.find("OMPI_COMM_WORLD_RANK=" + std::to_string(rank) + '\0') != std::string::npos)
        return pid;
    }
    return 0;
  }
  static void waitForRecords(const fs::path& out, std::ptrdiff_t count) {
    const fs::path journal = out / ".inkling-export/records";
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (std::chrono::steady_clock::now() < end) {
      if (fs::exists(journal) && std::ranges::count(readFile(journal), '\n') >= count) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    ADD_FAILURE() << "the export does not get anywhere";
  }
};

TEST_F(ExportTeam, FourProcessesWriteWhatOneWrites) {
  exportAlone(out("one"));
  Environment fresh = teamEnvironment();
  fresh["XDG_CACHE_HOME"] = testFolder() / "cache of its own";
  RunningProgram team(arguments(out("four")), fresh, launcher());
  const ProgramResult result = team.wait();
  EXPECT_THAT(result.out, HasSubstr("of 120 photos")) << result.err;
  EXPECT_THAT(result.err, HasSubstr("broken.jpg: "));
  EXPECT_EQ(filesBelow(out("four")), filesBelow(out("one")));
}

// Again until one dies that has photos in hand: then these are looked at by others.
TEST_F(ExportTeam, OneOfThemIsKilledAndOthersDoItsPart) {
  exportAlone(out("one"));
  bool hadWork = false;
  for (int attempt = 0; attempt < 8 && !hadWork; ++attempt) {
    const fs::path four = out("four-" + std::to_string(attempt));
    Environment alone = teamEnvironment();
    alone["XDG_CACHE_HOME"] = testFolder() / ("cache-" + std::to_string(attempt));
    RunningProgram team(arguments(four), alone, launcher());
    waitForRecords(four, 10 + 5 * attempt);
    const int rank = 1 + attempt % 3;
    const pid_t member = memberOf(team.pid(), rank);
    ASSERT_GT(member, 0);
    ::kill(member, SIGKILL);
    // What a process leaves that dies while it writes a file.
    std::ofstream(four / ".inkling-aB3xY9") << "0 0.5 0.";
    const ProgramResult result = team.wait();
    EXPECT_THAT(result.out, HasSubstr("of 120 photos")) << result.err;
    EXPECT_EQ(filesBelow(four), filesBelow(out("one")));
    hadWork = result.err.find(fmt::format("process {} of 4 does not answer any more", rank)) !=
              std::string::npos;
  }
  EXPECT_TRUE(hadWork);
}

// Without an MPI that goes on, all end; the same line with --resume goes on.
TEST_F(ExportTeam, KilledAsAWholeItIsResumed) {
  exportAlone(out("one"));
  {
    RunningProgram team(arguments(out("four")), teamEnvironment(), teamOfFour());
    waitForRecords(out("four"), 20);
    ::kill(memberOf(team.pid(), 0), SIGKILL);
    team.wait();
  }
  EXPECT_FALSE(fs::exists(out("four") / "export.json"));
  std::vector<std::string> again = arguments(out("four"));
  again.push_back("--resume");
  RunningProgram(again, teamEnvironment(), launcher()).wait();
  EXPECT_EQ(filesBelow(out("four")), filesBelow(out("one")));
}

TEST_F(ExportTeam, WhatIsWrongIsToldOnceAndEndsAll) {
  std::vector<std::string> wrong = arguments(out("four"));
  wrong[3] = testFolder() / "nowhere";
  RunningProgram team(wrong, teamEnvironment(), teamOfFour());
  const ProgramResult result = team.wait();
  EXPECT_EQ(result.status, 1);
  const std::size_t first = result.err.find("nowhere: ");
  ASSERT_NE(first, std::string::npos) << result.err;
  EXPECT_FALSE(fs::exists(out("four") / "export.json"));
}

}  // namespace
}  // namespace inkling
