// inkling index --shard and inkling index merge: one folder, described by several machines.
#include <chrono>
#include <csignal>
#include <fstream>
#include <map>
#include <random>
#include <thread>

#include "core/base/file.h"
#include "core/search/catalogue.h"
#include "tests/app/fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr int kParts = 3;

class IndexShard : public testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < 12; ++i) addPhoto(fmt::format("{}.jpg", i), jpegBytes(i + 1));
    addPhoto("trip/copy.jpg", jpegBytes(3));
    addPhoto("bad.jpg", "not a photo");
  }

  static fs::path folder() { return testFolder() / "photos"; }
  static void addPhoto(const fs::path& name, const std::string& bytes) {
    writeFileAtomically(folder() / name, bytes);
  }
  static std::string partFile(int number) {
    return testFolder() / fmt::format("part{}.sqlite", number);
  }
  // Each machine has a cache of its own.
  static Environment environment(const std::string& machine) {
    return {{"XDG_CACHE_HOME", testFolder() / ("cache of " + machine)},
            {"XDG_DATA_HOME", testFolder() / "data"}};
  }
  static ProgramResult inkling(const std::vector<std::string>& arguments,
                               const std::string& machine = "the first") {
    const ProgramResult result = inklingProgram(arguments, environment(machine));
    expectGoodManners(result);
    return result;
  }
  static ProgramResult indexPart(int number) {
    return inkling({"index", folder(), "--shard", fmt::format("{}/{}", number, kParts),
                    "--catalogue", partFile(number)},
                   std::to_string(number));
  }
  static std::vector<std::string> indexParts() {
    std::vector<std::string> files;
    for (int number = 1; number <= kParts; ++number) {
      indexPart(number);
      files.push_back(partFile(number));
    }
    return files;
  }
  static std::vector<std::string> mergeArguments(const std::vector<std::string>& parts,
                                                 const std::vector<std::string>& more) {
    std::vector<std::string> all{"index", "merge"};
    all.insert(all.end(), parts.begin(), parts.end());
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  static std::string everything(const fs::path& file) {
    std::map<std::string, std::string> lines;
    const Catalogue catalogue = Catalogue::forReading(file);
    catalogue.forEachPhoto([&](const PhotoEntry& e) {
      lines[e.path] = fmt::format("{} {} {} {}x{} {} {} '{}' {} {}\n", e.path.native(), e.bytes,
                                  e.hash ? e.hash->hex() : "-", e.width, e.height, e.orientation,
                                  static_cast<int>(e.state), e.error, e.describedWith,
                                  hashBytes(catalogue.features(e.id).value_or("-")).hex());
    });
    std::string text;
    for (const auto& [path, line] : lines) text += line;
    return text;
  }
  static std::string indexedInOneGo() {
    const std::string file = testFolder() / "whole.sqlite";
    EXPECT_EQ(inkling({"index", folder(), "--catalogue", file}, "one").status, 1) << "bad.jpg";
    return everything(file);
  }
};

TEST_F(IndexShard, PartsJoinedAreWhatOneRunGives) {
  std::int64_t handled = 0;
  for (int number = 1; number <= kParts; ++number) {
    const ProgramResult result = indexPart(number);
    const CatalogueCounts counts = Catalogue::forReading(partFile(number)).counts();
    EXPECT_EQ(counts.photos(), 14) << "all are known";
    EXPECT_THAT(result.out,
                HasSubstr(fmt::format("14 photos, {} described now, {} failed, 0 gone, "
                                      "{} of other parts, ",
                                      counts.described, counts.failed, counts.waiting)));
    EXPECT_EQ(result.status, counts.failed > 0 ? 1 : 0) << result.err;
    handled += counts.described + counts.failed;
  }
  EXPECT_EQ(handled, 14);
  const std::string whole = testFolder() / "joined.sqlite";
  const ProgramResult result =
      inkling(mergeArguments({partFile(1), partFile(2), partFile(3)}, {"--catalogue", whole}));
  EXPECT_EQ(result.status, 1) << "bad.jpg: " << result.err;
  EXPECT_THAT(result.err, HasSubstr((folder() / "bad.jpg: ").string()));
  EXPECT_THAT(result.out, HasSubstr("14 photos, 13 taken over, 1 failed, 0 gone, "));
  EXPECT_EQ(everything(whole), indexedInOneGo());
}

TEST_F(IndexShard, TheUsualCatalogueOfAFolderCanBeTheWhole) {
  fs::remove(folder() / "bad.jpg");
  const std::vector<std::string> parts = indexParts();
  const ProgramResult result = inkling(mergeArguments(parts, {"--folder", folder()}));
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(fs::exists(folder() / ".inkling/catalogue.sqlite"));
  EXPECT_THAT(inkling({"index", folder()}).out, HasSubstr("13 photos, 0 described now"));
  const ProgramResult found =
      inkling({"find", "--sketch", ringSketch(), folder(), "--format", "json"});
  EXPECT_EQ(found.status, 0) << found.err;
}

TEST_F(IndexShard, WhatNoPartHasIsToldAndWaits) {
  std::vector<std::string> parts = indexParts();
  parts.pop_back();
  addPhoto("late.jpg", jpegBytes(50));
  const std::string whole = testFolder() / "joined.sqlite";
  const ProgramResult result = inkling(mergeArguments(parts, {"--catalogue", whole}));
  EXPECT_EQ(result.status, 1);
  const std::int64_t waiting = Catalogue::forReading(whole).counts().waiting;
  EXPECT_GE(waiting, 1);
  EXPECT_THAT(result.out, HasSubstr(fmt::format("{} in none of the parts", waiting)));
  EXPECT_THAT(result.err, HasSubstr("run \"inkling index\""));
  inkling({"index", folder(), "--catalogue", whole});
  EXPECT_EQ(everything(whole), indexedInOneGo());
}

TEST_F(IndexShard, KillingTheMergeLosesNothing) {
  for (int i = 0; i < 300; ++i)
    addPhoto(fmt::format("more/{}.jpg", i), jpegBytes(100 + i, {24, 16}));
  const std::vector<std::string> parts = indexParts();
  const std::string whole = testFolder() / "joined.sqlite";
  const std::vector<std::string> arguments = mergeArguments(parts, {"--catalogue", whole});
  std::mt19937 random(7);
  for (int kill = 0; kill < 8; ++kill) {
    RunningProgram program(arguments, environment("the first"));
    program.waitForStderr(kill % 2 == 0 ? "the catalogue is" : "describing photos");
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 40));
    program.sendSignal(SIGKILL);
    program.wait();
    EXPECT_EQ(Catalogue::forReading(whole).check(), "ok");
  }
  EXPECT_EQ(inkling(arguments).status, 1) << "bad.jpg";
  EXPECT_EQ(everything(whole), indexedInOneGo());
}

TEST_F(IndexShard, WrongPartsAreNamedAndNothingIsHarmed) {
  const std::vector<std::string> parts = indexParts();
  const std::string whole = testFolder() / "joined.sqlite";
  inkling(mergeArguments(parts, {"--catalogue", whole}));
  const std::string before = everything(whole);

  const std::string damaged = testFolder() / "damaged.sqlite";
  writeFileAtomically(damaged, readFile(parts[0]).substr(0, 5000));
  const std::string newer = testFolder() / "newer.sqlite", foreign = testFolder() / "songs.sqlite";
  fs::copy_file(parts[1], newer);
  Database(newer, Database::Mode::create).run("PRAGMA user_version = 1000");
  Database(foreign, Database::Mode::create).run("CREATE TABLE songs(name TEXT)");
  for (const std::string& wrong :
       {damaged, newer, foreign, (testFolder() / "missing.sqlite").string()}) {
    const std::string bytes = fs::exists(wrong) ? readFile(wrong) : "";
    const ProgramResult result = inkling(mergeArguments({parts[2], wrong}, {"--catalogue", whole}));
    EXPECT_EQ(result.status, 1) << wrong;
    EXPECT_THAT(result.err, HasSubstr(fs::path(wrong).filename().string()));
    EXPECT_EQ(fs::exists(wrong) ? readFile(wrong) : "", bytes);
    EXPECT_EQ(everything(whole), before);
  }
}

TEST_F(IndexShard, WhatMakesNoSenseIsRefused) {
  const auto refused = [](const std::vector<std::string>& arguments, const std::string& message) {
    const ProgramResult result = inkling(arguments);
    EXPECT_EQ(result.status, 2) << result.err;
    EXPECT_THAT(result.err, HasSubstr(message));
  };
  refused({"index"}, "FOLDER");
  refused({"index", folder(), "--watch", "--shard", "1/2"}, "--shard");
  refused({"index", folder(), "--shard", "3/2"}, "I/N");
  refused({"index", "merge"}, "parts");
  indexPart(1);
  refused({"index", "merge", partFile(1)}, "--catalogue");
  refused({"index", "merge", partFile(1), "--catalogue", partFile(1)}, "both a part and");
  const std::string other = testFolder() / "other.sqlite";
  writeFileAtomically(testFolder() / "elsewhere/a.jpg", jpegBytes(1));
  inkling({"index", testFolder() / "elsewhere", "--catalogue", other});
  const std::string whole = testFolder() / "joined.sqlite";
  refused({"index", "merge", partFile(1), other, "--catalogue", whole}, "--folder");
  EXPECT_FALSE(fs::exists(whole));
}

}  // namespace
}  // namespace inkling
