// One evaluation on several machines: inkling eval --shard and inkling eval merge, or several
// processes of one MPI run.
#include <utility>

#include "core/base/file.h"
#include "tests/app/fixtures.h"
#include "tests/app/team_launcher.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr int kPhotos = 12;

class EvalShard : public testing::Test {
 protected:
  // Photos of two vehicles, alone and beside one another.
  void SetUp() override {
    Json photos = Json::array(), boxes = Json::array();
    const auto add = [&](int photo, int category, int x) {
      boxes.push_back({{"id", boxes.size() + 1},
                       {"image_id", photo},
                       {"category_id", category},
                       {"iscrowd", 0},
                       {"area", 2400},
                       {"bbox", {x, 20, 60.3, 40.7}}});
    };
    for (int i = 0; i < kPhotos; ++i) {
      const int id = (i * 5) % 13 + 1;  // not in the order of the file
      const std::string name = fmt::format("{}.jpg", id);
      writePhoto("photos/" + name, id);
      photos.push_back({{"id", id}, {"file_name", name}, {"width", 160}, {"height", 120}});
      if (i % 3 != 0) add(id, 2, 10);
      if (i % 3 != 1) add(id, 3, 80);
    }
    annotations_ = writeTestFile(
        "boxes.json", Json{{"images", photos},
                           {"annotations", boxes},
                           {"categories",
                            {{{"id", 2}, {"name", "ring"}, {"sketch", "circle"}, {"unseen", false}},
                             {{"id", 3}, {"name", "rod"}, {"sketch", "line"}, {"unseen", true}}}}}
                          .dump());
    drawings_ = writeTestFile(
        "drawings.ndjson",
        R"({"word": "circle", "key_id": "1", "drawing": [[[0, 90, 90, 0, 0], [0, 0, 90, 90, 0]]]})"
        "\n"
        R"({"word": "circle", "key_id": "2", "drawing": [[[0, 80, 0], [0, 40, 80]]]})"
        "\n"
        R"({"word": "line", "key_id": "3", "drawing": [[[0, 200], [10, 30]]]})"
        "\n"
        R"({"word": "line", "key_id": "4", "drawing": [[[0, 100, 20], [10, 30, 90]]]})"
        "\n");
  }

  std::vector<std::string> arguments(const std::vector<std::string>& more) const {
    std::vector<std::string> all{"eval",       "--quiet",  "--annotations",
                                 annotations_, "--photos", testFolder() / "photos",
                                 "--sketches", drawings_};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  ProgramResult eval(const std::vector<std::string>& more) const {
    const ProgramResult result = inklingProgram(arguments(more));
    expectGoodManners(result);
    return result;
  }
  ProgramResult evalPart(const std::string& shard, std::vector<std::string> more = {}) const {
    more.insert(more.end(), {"--shard", shard, "--out", partFile(shard)});
    return eval(more);
  }
  static std::string partFile(const std::string& shard) {
    return testFolder() / fmt::format("part{}.json", shard.substr(0, 1));
  }
  static ProgramResult merge(const std::vector<std::string>& more) {
    std::vector<std::string> all{"eval", "merge"};
    all.insert(all.end(), more.begin(), more.end());
    const ProgramResult result = inklingProgram(all);
    expectGoodManners(result);
    return result;
  }

  std::string annotations_, drawings_;
  const std::string once_ = testFolder() / "once.json", joined_ = testFolder() / "joined.json";
};

TEST_F(EvalShard, PartsJoinedGiveWhatOneRunGives) {
  for (const std::vector<std::string>& protocol :
       {std::vector<std::string>{"--protocol", "sketch-guided", "--seed", "5"},
        {"--sketches-per-query", "2", "--fusion", "mean-scores", "--limit", "9"},
        {"--protocol", "fusion"},
        {"--protocol", "not-this"},
        {"--protocol", "style"}}) {
    for (const std::string shard : {"1/2", "2/2"}) {
      const ProgramResult part = evalPart(shard, protocol);
      ASSERT_EQ(part.status, 0) << part.err;
      EXPECT_THAT(part.out, HasSubstr("part " + shard));
      EXPECT_FALSE(parsed(readFile(partFile(shard)))["photos"].empty());
    }
    std::vector<std::string> whole = protocol;
    whole.insert(whole.end(), {"--out", once_});
    const ProgramResult once = eval(whole);
    const ProgramResult joined = merge({partFile("2"), partFile("1"), "--out", joined_});
    EXPECT_EQ(joined.status, 0) << joined.err;
    EXPECT_EQ(readFile(joined_), readFile(once_)) << protocol[1];
    EXPECT_EQ(joined.out, once.out);
  }
}

TEST_F(EvalShard, PhotosThatCannotBeReadAreOfOnePart) {
  fs::remove(testFolder() / "photos/6.jpg");
  writeTestFile("photos/11.jpg", "not a photo");
  const ProgramResult one = evalPart("1/2"), two = evalPart("2/2");
  EXPECT_EQ(parsed(readFile(partFile("1")))["failed"].size() +
                parsed(readFile(partFile("2")))["failed"].size(),
            2U);
  EXPECT_EQ((one.err + two.err).find("6.jpg"), (one.err + two.err).rfind("6.jpg")) << "told once";
  EXPECT_EQ(eval({"--out", once_}).status, 1);
  const ProgramResult joined = merge({partFile("1"), partFile("2"), "--out", joined_});
  EXPECT_EQ(joined.status, 1);
  EXPECT_THAT(joined.err, HasSubstr("2 photos left out"));
  EXPECT_EQ(readFile(joined_), readFile(once_));
}

TEST_F(EvalShard, APartMayHaveNoPhotos) {
  // More parts than photos: some stay empty.
  std::vector<std::string> arguments;
  int empty = 0;
  for (int number = 1; number <= 4; ++number) {
    const std::string shard = fmt::format("{}/4", number);
    EXPECT_EQ(evalPart(shard, {"--limit", "2"}).status, 0);
    empty += parsed(readFile(partFile(shard)))["photos"].empty() ? 1 : 0;
    arguments.push_back(partFile(shard));
  }
  EXPECT_GE(empty, 2);
  arguments.insert(arguments.end(), {"--out", joined_});
  EXPECT_EQ(eval({"--limit", "2", "--out", once_}).status, 0);
  EXPECT_EQ(merge(arguments).status, 0);
  EXPECT_EQ(readFile(joined_), readFile(once_));
}

TEST_F(EvalShard, TheMergeDrawsReliability) {
  evalPart("1/2");
  evalPart("2/2");
  const std::string once = testFolder() / "once.png", joined = testFolder() / "joined.png";
  EXPECT_EQ(eval({"--reliability", once}).status, 0);
  EXPECT_EQ(merge({partFile("1"), partFile("2"), "--reliability", joined}).status, 0);
  EXPECT_EQ(readFile(joined), readFile(once));
}

TEST_F(EvalShard, WrongPartsAreNamedAndNothingIsWritten) {
  evalPart("1/2");
  evalPart("2/2", {"--seed", "15"});
  const auto refused = [&](const std::string& part, const std::string& message) {
    const ProgramResult result = merge({partFile("1"), part, "--out", joined_});
    EXPECT_EQ(result.status, 1) << result.err;
    EXPECT_THAT(result.err, HasSubstr(message));
    EXPECT_FALSE(fs::exists(joined_));
  };
  refused(partFile("2"), "different settings");
  refused(partFile("1"), "are both part 1/2");
  refused(testFolder() / "missing.json", "missing.json");
  refused(writeTestFile("cut.json", readFile(partFile("2")).substr(0, 900)), "cut.json");
  refused(annotations_, "boxes.json: is not a part");
  EXPECT_THAT(merge({partFile("1"), "--out", joined_}).err, HasSubstr("part 2/2 is missing"));
  // The drawings have changed since.
  writeTestFile("drawings.ndjson", readFile(drawings_) + R"({"word": "line", "key_id": "5", )" +
                                       R"("drawing": [[[0, 100], [0, 90]]]})" + "\n");
  evalPart("2/2");
  refused(partFile("2"), "different settings");
}

TEST_F(EvalShard, WhatMakesNoSenseIsRefused) {
  EXPECT_EQ(eval({"--shard", "1/2"}).status, 2) << "no --out";
  EXPECT_EQ(eval({"--shard", "0/2", "--out", once_}).status, 2);
  EXPECT_EQ(evalPart("1/2", {"--reliability", testFolder() / "r.png"}).status, 2);
  EXPECT_EQ(merge({"--out", joined_}).status, 2);
}

class EvalTeam : public EvalShard {
 protected:
  void SetUp() override {
    if (const std::string reason = noTeamBecause(); !reason.empty()) GTEST_SKIP() << reason;
    EvalShard::SetUp();
  }
  ProgramResult inTeam(const std::vector<std::string>& more) const {
    return RunningProgram(arguments(more), teamEnvironment(), teamOfFour()).wait();
  }
};

TEST_F(EvalTeam, FourProcessesGiveTheFiguresOfOne) {
  for (const std::string protocol : {"sketch-guided", "fusion", "not-this"}) {
    const ProgramResult one = eval({"--protocol", protocol, "--out", once_});
    const ProgramResult four = inTeam({"--protocol", protocol, "--out", joined_});
    EXPECT_EQ(four.status, 0) << four.err;
    EXPECT_EQ(four.out, one.out);
    EXPECT_EQ(readFile(joined_), readFile(once_)) << protocol;
  }
}

TEST_F(EvalTeam, APhotoThatCannotBeReadIsToldOnce) {
  writeTestFile("photos/11.jpg", "not a photo");
  EXPECT_EQ(eval({"--out", once_}).status, 1);
  const ProgramResult four = inTeam({"--out", joined_});
  EXPECT_EQ(four.status, 1);
  EXPECT_THAT(four.err, HasSubstr("1 photo left out"));
  EXPECT_NE(four.err.find("11.jpg"), std::string::npos);
  EXPECT_EQ(four.err.find("11.jpg"), four.err.rfind("11.jpg"));
  EXPECT_EQ(readFile(joined_), readFile(once_));
}

TEST_F(EvalTeam, WhatIsWrongEndsAllOfThem) {
  const std::string good = std::exchange(annotations_, writeTestFile("bad.json", "{"));
  const ProgramResult broken = inTeam({"--out", joined_});
  EXPECT_EQ(broken.status, 1);
  EXPECT_NE(broken.err.find("bad.json"), std::string::npos);
  EXPECT_EQ(broken.err.find("bad.json"), broken.err.rfind("bad.json")) << "told by one alone";
  annotations_ = good;
  EXPECT_EQ(inTeam({"--shard", "1/2", "--out", joined_}).status, 2);
}

}  // namespace
}  // namespace inkling
