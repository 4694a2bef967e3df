// inkling index by several processes of one MPI run.
#include <map>

#include <fmt/format.h>

#include "core/search/catalogue.h"
#include "tests/app/fixtures.h"
#include "tests/app/team_launcher.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class IndexTeam : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string reason = noTeamBecause(); !reason.empty()) GTEST_SKIP() << reason;
    for (int i = 0; i < 40; ++i) writePhoto("photos/" + std::to_string(i) + ".jpg", i);
    writeTestFile("photos/broken.jpg", "no photo");
  }
  static fs::path catalogue(const std::string& name) { return testFolder() / (name + ".sqlite"); }
  static std::vector<std::string> arguments(const std::string& name) {
    return {"index", testFolder() / "photos", "--catalogue", catalogue(name), "--quiet"};
  }
  static ProgramResult inTeam(const std::vector<std::string>& arguments) {
    Environment environment = teamEnvironment();
    environment.emplace("XDG_CACHE_HOME", testFolder() / "cache of the team");
    return RunningProgram(arguments, environment, teamOfFour()).wait();
  }
  static std::map<std::string, std::string> content(const std::string& name) {
    std::map<std::string, std::string> lines;
    const Catalogue read = Catalogue::forReading(catalogue(name));
    read.forEachPhoto([&](const PhotoEntry& e) {
      lines[e.path] = fmt::format("{} {} {}x{} {} {} {} {}", e.bytes, e.hash ? e.hash->hex() : "-",
                                  e.width, e.height, e.orientation, static_cast<int>(e.state),
                                  e.error, hashBytes(read.features(e.id).value_or("-")).hex());
    });
    return lines;
  }
};

TEST_F(IndexTeam, FourProcessesKnowWhatOneKnows) {
  EXPECT_EQ(inklingProgram(arguments("one")).status, 1) << "for broken.jpg";
  const ProgramResult team = inTeam(arguments("four"));
  EXPECT_EQ(team.status, 1) << team.err;
  EXPECT_THAT(team.out, HasSubstr("41 photos, 40 described now, 1 failed"));
  EXPECT_EQ(content("four"), content("one"));
  EXPECT_TRUE(fs::exists(testFolder() / "four.regions"));
}

TEST_F(IndexTeam, WatchingIsForOneProcess) {
  std::vector<std::string> watching = arguments("four");
  watching.push_back("--watch");
  const ProgramResult team = inTeam(watching);
  EXPECT_EQ(team.status, 2);
  EXPECT_THAT(team.err, HasSubstr("without --watch"));
}

}  // namespace
}  // namespace inkling
