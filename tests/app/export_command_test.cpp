// inkling export: files for other programs, from a job that survives whatever happens to it.
#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/file.h"
#include "tests/app/fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class ExportCommand : public testing::Test {
 protected:
  static constexpr int kPhotos = 6;
  void SetUp() override {
    for (int i = 1; i <= kPhotos - 1; ++i) writePhoto("photos/" + std::to_string(i) + ".jpg", i);
    writePhoto("photos/sub/deep.jpg", 40);
  }
  static fs::path photos() { return testFolder() / "photos"; }
  static fs::path out(const std::string& name = "out") { return testFolder() / name; }

  /// All boxes, as the tiny model's scores mean nothing.
  static std::vector<std::string> arguments(const std::string& format, const fs::path& out,
                                            std::vector<std::string> more = {}) {
    std::vector<std::string> all = {
        "export", "--sketch", "ring=" + ringSketch(), photos(), "--format", format,
        "--out",  out,        "--threshold",          "0"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  static ProgramResult run(const std::vector<std::string>& arguments) {
    const ProgramResult result = inklingProgram(arguments);
    expectGoodManners(result);
    return result;
  }
  static void exportTo(const fs::path& out, const std::string& format,
                       std::vector<std::string> more = {}, int status = 0) {
    more.push_back("--quiet");
    const ProgramResult result = run(arguments(format, out, more));
    EXPECT_EQ(result.status, status) << result.err;
  }
  static void expectSame(const fs::path& a, const fs::path& b) {
    const auto left = filesBelow(a), right = filesBelow(b);
    for (const auto& [name, content] : left) {
      ASSERT_TRUE(right.contains(name)) << name;
      EXPECT_EQ(content, right.at(name)) << name;
    }
    EXPECT_EQ(left.size(), right.size());
  }
};

TEST_F(ExportCommand, WritesEveryFormatAndSaysWhatTheFolderHolds) {
  const std::map<std::string, std::string> expected = {{"coco", "annotations.json"},
                                                       {"yolo", "sub/deep.txt"},
                                                       {"voc", "sub/deep.xml"},
                                                       {"csv", "detections.csv"},
                                                       {"pictures", "sub/deep.boxes.jpg"},
                                                       {"crops", "crops/ring/1.crop-001.jpg"}};
  for (const auto& [format, file] : expected) {
    exportTo(out(format), format);
    EXPECT_TRUE(fs::exists(out(format) / file)) << format;
    EXPECT_EQ(readFile(out(format) / "failures.csv"), "photo,reason\r\n");
    const Json summary = parsed(readFile(out(format) / "export.json"));
    EXPECT_EQ(summary["format"], format);
    EXPECT_EQ(summary["photos"], kPhotos);
    EXPECT_GT(summary["boxes"], 0);
    EXPECT_THAT(summary["coordinate_frame"], HasSubstr("EXIF orientation applied"));
  }
}

TEST_F(ExportCommand, TellsTheSameAsFind) {
  exportTo(out(), "coco");
  const ProgramResult found = run({"find", "--sketch", ringSketch(), photos(), "--threshold", "0",
                                   "--no-index", "--format", "json", "--quiet"});
  std::map<std::string, std::size_t> boxes;
  ASSERT_EQ(found.status, 0) << found.err;
  const Json report = parsed(found.out);
  for (const Json& photo : report["photos"]) {
    const fs::path path = photo["photo"].get<std::string>();
    boxes[path.lexically_relative(photos())] = photo["detections"].size();
  }
  const Json coco = parsed(readFile(out() / "annotations.json"));
  ASSERT_EQ(coco["images"].size(), boxes.size());
  for (const Json& image : coco["images"]) {
    const auto count = std::ranges::count_if(coco["annotations"], [&](const Json& annotation) {
      return annotation["image_id"] == image["id"];
    });
    // Numbers are kept in half precision on the way: a box at the threshold may come or go.
    EXPECT_NEAR(static_cast<double>(count),
                static_cast<double>(boxes.at(image["file_name"].get<std::string>())), 1);
  }
}

// On a card photos, and the drawings that are looked for, are worked on several at a time.
TEST_F(ExportCommand, PhotosAtOnceTellWhatTheyTellOneByOne) {
  writeTestFile("photos/broken.jpg", "not a photo");
  const std::vector<std::string> more = {"--sketch",       "other=" + ringSketch("other.json"),
                                         "--sketch",       "third=" + ringSketch("third.json"),
                                         "--max-failures", "3"};
  const auto exported = [&](const std::string& name, const std::string& batch) {
    std::vector<std::string> with = more;
    with.insert(with.end(), {"--batch", batch});
    exportTo(out(name), "coco", with, 1);
    return parsed(readFile(out(name) / "annotations.json"));
  };
  const Json single = exported("single", "1"), many = exported("many", "4");
  EXPECT_EQ(readFile(out("single") / "failures.csv"), readFile(out("many") / "failures.csv"));
  EXPECT_EQ(single["images"], many["images"]);
  EXPECT_EQ(single["categories"].size(), 3U);
  ASSERT_EQ(single["annotations"].size(), many["annotations"].size());
  for (std::size_t i = 0; i < single["annotations"].size(); ++i) {
    const Json &a = single["annotations"][i], &b = many["annotations"][i];
    EXPECT_EQ(a["image_id"], b["image_id"]);
    EXPECT_EQ(a["category_id"], b["category_id"]);
    EXPECT_NEAR(a["score"].get<double>(), b["score"].get<double>(), 2e-3);
  }
}

TEST_F(ExportCommand, DrawingsOfOneNameAreOneCategory) {
  const std::string ring = ringSketch("first.json"), other = ringSketch("second.json");
  const ProgramResult result =
      run({"export", "--sketch", "thing=" + ring, "--sketch", other, "--sketch", "thing=" + other,
           "--not", "thing=" + ring, photos(), "--format", "coco", "--out", out(), "--quiet"});
  ASSERT_EQ(result.status, 0) << result.err;
  const Json summary = parsed(readFile(out() / "export.json"));
  ASSERT_EQ(summary["categories"].size(), 2U);
  EXPECT_EQ(summary["categories"][0]["name"], "thing");
  EXPECT_EQ(summary["categories"][0]["sketches"], Json({"first.json", "second.json"}));
  EXPECT_EQ(summary["categories"][0]["not"], Json({"first.json"}));
  EXPECT_EQ(summary["categories"][1]["name"], "second");
  const Json coco = parsed(readFile(out() / "annotations.json"));
  EXPECT_EQ(coco["categories"][1]["id"], 2);
}

TEST_F(ExportCommand, ACorruptPhotoIsListedAndTheOthersAreExported) {
  writeTestFile("photos/broken.jpg", "no photo at all");
  writeTestFile("photos/sub/empty.png", "");
  const ProgramResult result = run(arguments("yolo", out()));
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("broken.jpg: "));
  EXPECT_THAT(result.err, HasSubstr("2 photos could not be read, see failures.csv"));
  const std::string list = readFile(out() / "failures.csv");
  EXPECT_THAT(list, HasSubstr("\r\nbroken.jpg,"));
  EXPECT_THAT(list, HasSubstr("\r\nsub/empty.png,"));
  EXPECT_THAT(list, Not(HasSubstr(testFolder().native()))) << "the same wherever the photos lie";
  EXPECT_FALSE(fs::exists(out() / "broken.txt"));
  EXPECT_TRUE(fs::exists(out() / "sub/deep.txt"));
}

TEST_F(ExportCommand, StopsWhenTooManyPhotosFailAndCanBeResumed) {
  for (int i = 0; i < 5; ++i)
    writeTestFile("photos/broken" + std::to_string(i) + ".jpg", "no photo");
  const ProgramResult stopped = run(arguments("csv", out(), {"--max-failures", "2", "--quiet"}));
  EXPECT_EQ(stopped.status, 3);
  EXPECT_THAT(stopped.err, HasSubstr("more than 2 photos failed"));
  EXPECT_FALSE(fs::exists(out() / "export.json"));
  exportTo(out(), "csv", {"--resume"}, 1);
  exportTo(out("whole"), "csv", {}, 1);
  expectSame(out(), out("whole"));
}

TEST_F(ExportCommand, AFinishedFolderIsOnlyReplacedWhenAsked) {
  exportTo(out(), "crops");
  const auto before = filesBelow(out());
  const ProgramResult again = run(arguments("csv", out()));
  EXPECT_EQ(again.status, 3);
  EXPECT_THAT(again.err, HasSubstr("holds a finished export; --force replaces it"));
  EXPECT_EQ(filesBelow(out()), before);
  const ProgramResult resumed = run(arguments("crops", out(), {"--resume"}));
  EXPECT_EQ(resumed.status, 0);
  EXPECT_THAT(resumed.err, HasSubstr("was finished before"));
  EXPECT_EQ(filesBelow(out()), before);

  writeTestFile("out/crops/ring/my own.jpg", "mine");
  exportTo(out(), "csv", {"--force"});
  const auto after = filesBelow(out());
  EXPECT_TRUE(after.contains("detections.csv"));
  EXPECT_TRUE(after.contains("crops/ring/my own.jpg")) << "what others have put there stays";
  EXPECT_EQ(std::ranges::count_if(
                after, [](const auto& file) { return file.first.starts_with("crops/"); }),
            1);
}

TEST_F(ExportCommand, NeverWritesOverAFileOfSomebodyElse) {
  writeTestFile("out/sub/deep.txt", "notes");
  const ProgramResult result = run(arguments("yolo", out()));
  EXPECT_EQ(result.status, 3);
  EXPECT_THAT(result.err, HasSubstr("deep.txt: is there already"));
  EXPECT_EQ(readFile(out() / "sub/deep.txt"), "notes");
}

TEST_F(ExportCommand, KeepsTheOrderOfAnOlderClassesFile) {
  writeTestFile("out/classes.txt", "cat\nring\n");
  exportTo(out(), "yolo");
  EXPECT_EQ(readFile(out() / "classes.txt"), "cat\nring\n");
  EXPECT_THAT(readFile(out() / "1.txt"), testing::StartsWith("1 "));
}

TEST_F(ExportCommand, IsNotResumedWithOtherSettings) {
  writeTestFile("photos/broken.jpg", "no photo");
  run(arguments("csv", out(), {"--max-failures", "0", "--quiet"}));
  const ProgramResult plain = run(arguments("csv", out(), {"--quiet"}));
  EXPECT_EQ(plain.status, 3);
  EXPECT_THAT(plain.err, HasSubstr("holds an unfinished export; --resume goes on"));
  const ProgramResult other = run(arguments("coco", out(), {"--resume", "--quiet"}));
  EXPECT_EQ(other.status, 2);
  EXPECT_THAT(other.err, HasSubstr("other settings (format)"));
}

TEST_F(ExportCommand, ASecondProcessIsRefused) {
  fs::create_directories(out() / ".inkling-export");
  const int lock = ::open((out() / ".inkling-export/lock").c_str(), O_RDWR | O_CREAT, 0666);
  ASSERT_EQ(::flock(lock, LOCK_EX), 0);
  const ProgramResult result = run(arguments("csv", out(), {"--quiet"}));
  ::close(lock);
  EXPECT_EQ(result.status, 3);
  EXPECT_THAT(result.err, HasSubstr("is already exporting into this folder"));
}

TEST_F(ExportCommand, CtrlCFinishesThePhotoInHandAndResumingGoesOn) {
  for (int i = 10; i < 60; ++i) writePhoto("photos/" + std::to_string(i) + ".jpg", i);
  {
    RunningProgram program(arguments("yolo", out()));
    ASSERT_TRUE(program.waitForStderr("exporting"));
    program.sendSignal(SIGINT);
    const ProgramResult result = program.wait();
    expectGoodManners(result);
    EXPECT_TRUE(result.status == 130 || result.status == 0) << result.status;
  }
  exportTo(out(), "yolo", {"--resume"});
  exportTo(out("whole"), "yolo");
  expectSame(out(), out("whole"));
}

// A real process killed at any moment, fifty times; what it ends with is the same, byte by byte.
TEST_F(ExportCommand, KilledFiftyTimesItEndsWithTheSameBytes) {
  using Clock = std::chrono::steady_clock;
  for (int i = 10; i < 110; ++i) writePhoto("photos/" + std::to_string(i) + ".jpg", i);
  writeTestFile("photos/broken.jpg", "no photo");
  std::mt19937 random(3);
  int kills = 0, inTheMiddle = 0;
  for (const std::string format : {"yolo", "pictures", "coco", "crops", "voc"}) {
    const fs::path whole = out(format + "-whole");
    const auto begin = Clock::now();
    exportTo(whole, format, {}, 1);
    const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
    for (int killed = 0, tries = 0; killed < 10 && tries < 50; ++tries) {
      RunningProgram program(arguments(format, out(format), {"--resume", "--quiet"}));
      std::this_thread::sleep_for(time * (random() % 1000) / 1000);
      program.sendSignal(SIGKILL);
      if (program.wait().signal == SIGKILL) {
        ++killed;
        inTheMiddle += fs::exists(out(format) / ".inkling-export/records") ? 1 : 0;
      } else {
        expectSame(out(format), whole);
        fs::remove_all(out(format));
      }
      kills += killed == 10 ? 10 : 0;
    }
    exportTo(out(format), format, {"--resume"}, 1);
    expectSame(out(format), whole);
  }
  EXPECT_EQ(kills, 50);
  EXPECT_GT(inTheMiddle, 10);
}

TEST_F(ExportCommand, PartsJoinedAreWhatOneProcessWrites) {
  for (int i = 10; i < 40; ++i) writePhoto("photos/" + std::to_string(i) + ".jpg", i);
  writeTestFile("photos/broken.jpg", "no photo");
  for (const std::string format : {"coco", "yolo", "voc", "csv", "pictures", "crops"}) {
    exportTo(out(format), format, {}, 1);
    std::vector<std::string> merge = {"export", "merge", "--quiet", "--out", out(format + "-all")};
    std::int64_t photos = 0;
    for (int part = 1; part <= 3; ++part) {
      const fs::path folder = out(format + std::to_string(part));
      const ProgramResult result =
          run(arguments(format, folder, {"--quiet", "--shard", std::to_string(part) + "/3"}));
      EXPECT_LE(result.status, 1) << result.err;
      photos += parsed(readFile(folder / "export.json"))["photos"].get<std::int64_t>();
      merge.push_back(folder);
    }
    EXPECT_EQ(photos, kPhotos + 30) << "each photo is in one part";
    const ProgramResult result = run(merge);
    EXPECT_EQ(result.status, 1) << result.err;
    expectSame(out(format + "-all"), out(format));
  }
}

TEST_F(ExportCommand, PartsThatDoNotBelongTogetherAreRefused) {
  exportTo(out("1"), "csv", {"--shard", "1/2"});
  exportTo(out("2"), "csv", {"--shard", "2/2"});
  std::vector<std::string> other = arguments("csv", out("other"), {"--shard", "2/2", "--quiet"});
  std::ranges::replace(other, "0", "0.6");
  EXPECT_EQ(run(other).status, 0);
  exportTo(out("third"), "csv", {"--shard", "3/3"});
  const auto merge = [](std::vector<std::string> parts) {
    parts.insert(parts.begin(), {"export", "merge", "--out", out("all")});
    const ProgramResult result = run(parts);
    EXPECT_EQ(result.status, 1);
    return result.err;
  };
  EXPECT_THAT(merge({out("1")}), HasSubstr("part 2/2 is missing"));
  EXPECT_THAT(merge({out("1"), out("1")}), HasSubstr("are both part 1/2"));
  EXPECT_THAT(merge({out("1"), out("other")}), HasSubstr("different settings"));
  EXPECT_THAT(merge({out("1"), out("third")}), HasSubstr("is part 3/3"));
  EXPECT_THAT(merge({out("1"), photos()}), HasSubstr("holds no export"));
  EXPECT_FALSE(fs::exists(out("all")));
}

TEST_F(ExportCommand, SaysWhatIsWrongWithTheCommandLine) {
  const auto refused = [](std::vector<std::string> all, int status = 2) {
    const ProgramResult result = run(all);
    EXPECT_EQ(result.status, status) << result.err;
    return result.err;
  };
  EXPECT_THAT(refused({"export"}), HasSubstr("--sketch"));
  EXPECT_THAT(refused({"export", "--sketch", ringSketch()}), HasSubstr("FOLDER"));
  EXPECT_THAT(refused({"export", "--sketch", ringSketch(), photos()}), HasSubstr("--format"));
  EXPECT_THAT(refused(arguments("csv", out(), {"--shard", "3/2"})), HasSubstr("a shard is I/N"));
  EXPECT_THAT(refused(arguments("csv", out(), {"--resume", "--force"})), HasSubstr("contradict"));
  EXPECT_THAT(refused(arguments("pdf", out())), HasSubstr("--format"));
  EXPECT_THAT(refused(arguments("pictures", photos())),
              HasSubstr("do not belong among the photos"));
  std::vector<std::string> nowhere = arguments("csv", out());
  nowhere[3] = testFolder() / "nowhere";
  EXPECT_THAT(refused(nowhere, 1), HasSubstr("nowhere: "));
}

TEST_F(ExportCommand, AnUnwritableFolderIsToldBeforeAnyPhotoIsLookedAt) {
  writeTestFile("file", "no folder");
  const ProgramResult result = run(arguments("csv", testFolder() / "file" / "below"));
  EXPECT_EQ(result.status, 3);
  EXPECT_THAT(result.err, Not(HasSubstr("exporting")));
}

}  // namespace
}  // namespace inkling
