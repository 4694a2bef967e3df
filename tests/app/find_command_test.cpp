// inkling find on photos that are all right: what it prints, in which order, where to.
#include "core/base/file.h"
#include "core/image/photo_reader.h"
#include "tests/app/fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

ProgramResult find(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"find", "--sketch", ringSketch(), "--quiet"});
  return inklingProgram(arguments);
}

TEST(Find, PrintsTheDocumentedJson) {
  const std::string photo = writePhoto("street.jpg");
  const ProgramResult result = find({photo, "--format", "json", "--threshold", "0"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(result.err.empty()) << result.err;
  const Json json = parsed(result.out);
  EXPECT_EQ(json["query"]["sketches"], Json::array({ringSketch()}));
  EXPECT_EQ(json["query"]["not"], Json::array());
  EXPECT_EQ(json["query"]["model"], "tiny.safetensors");
  EXPECT_EQ(json["failed"], Json::array());
  ASSERT_EQ(json["photos"].size(), 1U);
  const Json& entry = json["photos"][0];
  EXPECT_EQ(entry["photo"], photo);
  EXPECT_EQ(entry["width"], 160);
  EXPECT_EQ(entry["height"], 120);
  ASSERT_FALSE(entry["detections"].empty());
  EXPECT_EQ(entry["score"], entry["detections"][0]["score"]);
}

TEST(Find, BoxesLieInThePhotoBestFirst) {
  const ProgramResult result =
      find({writePhoto("a.jpg", 3, {301, 77}), "--format", "json", "--threshold", "0"});
  double last = 1;
  for (const Json& detection : parsed(result.out)["photos"][0]["detections"]) {
    const auto box = detection["box"].get<std::vector<double>>();
    ASSERT_EQ(box.size(), 4U);
    EXPECT_GE(box[0], 0);
    EXPECT_GE(box[1], 0);
    EXPECT_LE(box[0] + box[2], 301 + 1e-6);
    EXPECT_LE(box[1] + box[3], 77 + 1e-6);
    EXPECT_LE(detection["score"].get<double>(), last);
    last = detection["score"];
  }
}

TEST(Find, SortsPhotosByScoreAndShowsTheTop) {
  for (int i = 1; i <= 6; ++i) writePhoto("photos/" + std::to_string(i) + ".jpg", i);
  const std::string folder = testFolder() / "photos";
  const Json all = parsed(find({folder, "--format", "json"}).out)["photos"];
  ASSERT_EQ(all.size(), 6U);
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_GE(all[i - 1]["score"], all[i]["score"]);
  const Json top = parsed(find({folder, "--format", "json", "--top", "2"}).out)["photos"];
  ASSERT_EQ(top.size(), 2U);
  EXPECT_EQ(top[0], all[0]);
  EXPECT_EQ(top[1], all[1]);
}

TEST(Find, APhotoBelowTheThresholdKeepsItsScoreButHasNoDetections) {
  const std::string photo = writePhoto("a.jpg");
  const Json entry = parsed(find({photo, "--format", "json", "--threshold", "1"}).out)["photos"][0];
  EXPECT_TRUE(entry["detections"].empty());
  EXPECT_GT(entry["score"].get<double>(), 0);
  const ProgramResult table = find({photo, "--threshold", "1"});
  EXPECT_EQ(table.status, 0);
  EXPECT_THAT(table.out, HasSubstr("no match in 1 photo"));
}

TEST(Find, TheTableCountsAllPhotosWithoutAMatchWhateverTheTop) {
  for (int i = 1; i <= 3; ++i) writePhoto("photos/" + std::to_string(i) + ".jpg", i);
  const ProgramResult table = find({testFolder() / "photos", "--threshold", "1", "--top", "1"});
  EXPECT_THAT(table.out, HasSubstr("no match in 3 photos"));
}

TEST(Find, TheTableNamesPhotosWithAMatch) {
  const ProgramResult result = find({writePhoto("a.jpg"), "--threshold", "0"});
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.out, StartsWith("score  boxes"));
  EXPECT_THAT(result.out, HasSubstr("a.jpg\n"));
}

TEST(Find, CsvQuotesNamesThatNeedIt) {
  const std::string photo = writePhoto("one, \"two\".jpg");
  const ProgramResult result = find({photo, "--format", "csv", "--threshold", "0"});
  EXPECT_THAT(result.out, StartsWith("photo,score,x,y,width,height\r\n"));
  EXPECT_THAT(result.out, HasSubstr("one, \"\"two\"\".jpg\","));
  const std::size_t secondLine = result.out.find('\n') + 1;
  EXPECT_EQ(result.out[secondLine], '"');
}

TEST(Find, TakesNamesWithSpacesAccentsAndChinese) {
  const std::vector<std::string> names = {"my photo.jpg", "été à Nîmes.jpg", "照片 一.jpg",
                                          "[2019]/brackets.jpg", "#7.jpg"};
  for (const std::string& name : names) writePhoto("Büro 写真/" + name);
  const std::string sketch = ringSketch("环 é.json");
  const ProgramResult result =
      inklingProgram({"find", "--quiet", "--format", "json", "--sketch", sketch,
                      testFolder() / "Büro 写真", "--out", testFolder() / "résultat 结果.json"});
  ASSERT_EQ(result.status, 0) << result.err;
  const Json json = parsed(readFile(testFolder() / "résultat 结果.json"));
  EXPECT_EQ(json["query"]["sketches"][0], sketch);
  EXPECT_EQ(json["photos"].size(), names.size());
  EXPECT_THAT(json.dump(), HasSubstr("照片 一.jpg"));
}

TEST(Find, TakesNamesThatAreNotUtf8) {
  const std::string photo = writePhoto("caf\xE9.jpg");
  const ProgramResult result = find({photo, "--format", "json"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(parsed(result.out)["photos"][0]["photo"].get<std::string>(), HasSubstr("caf"));
}

TEST(Find, AFolderMayBeNamedLikeASubcommandOrInBrackets) {
  writePhoto("train/a.jpg");
  writePhoto("[1,2]/b.jpg");
  const fs::path before = fs::current_path();
  fs::current_path(testFolder());
  const ProgramResult result = find({"train", "[1,2]", "--format", "json"});
  fs::current_path(before);
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(parsed(result.out)["photos"].size(), 2U);
}

TEST(Find, ListsAPhotoThatIsNamedTwiceOnce) {
  const std::string photo = writePhoto("photos/a.jpg");
  const ProgramResult result = find({photo, testFolder() / "photos", "--format", "json"});
  EXPECT_EQ(parsed(result.out)["photos"].size(), 1U);
}

TEST(Find, TakesSeveralSketchesInARowOrOneByOne) {
  const std::string photo = writePhoto("a.jpg"), a = ringSketch("a.json"), b = ringSketch("b.json");
  const ProgramResult row = inklingProgram({"find", "--format", "json", "--sketch", a, b, photo});
  const ProgramResult single =
      inklingProgram({"find", "--format", "json", "--sketch", a, "--sketch", b, photo});
  ASSERT_EQ(row.status, 0) << row.err;
  EXPECT_EQ(parsed(row.out), parsed(single.out));
  EXPECT_EQ(parsed(row.out)["query"]["sketches"].size(), 2U);
}

TEST(Find, WeightsSwitchSketchesOff) {
  const std::string photo = writePhoto("a.jpg");
  const std::string line = writeTestFile(
      "line.json", R"({"inkling_sketch": 1, "strokes": [{"x": [0, 90, 20], "y": [0, 10, 80]}]})");
  const std::vector<std::string> common = {"find", "--format", "json",       "--threshold", "0",
                                           photo,  "--sketch", ringSketch(), "--sketch",    line};
  const auto scoreWith = [&](const std::string& first, const std::string& second) {
    std::vector<std::string> arguments = common;
    arguments.insert(arguments.end(), {"--weight", first, "--weight", second});
    return parsed(inklingProgram(arguments).out)["photos"][0]["score"].get<double>();
  };
  EXPECT_NE(scoreWith("1", "1"), scoreWith("1", "0"));
  std::vector<std::string> nothing = common;
  nothing.insert(nothing.end(), {"--weight", "0", "--weight", "0"});
  EXPECT_EQ(inklingProgram(nothing).status, 2);
}

TEST(Find, NotThisIsListedInTheQuery) {
  const std::string no = ringSketch("no.json");
  const ProgramResult result =
      find({writePhoto("a.jpg"), "--not", no, "--format", "json", "--threshold", "0"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(parsed(result.out)["query"]["not"], Json::array({no}));
}

TEST(Find, OutReplacesTheFileAndLeavesNothingBeside) {
  const std::string out = writeTestFile("results/found.json", "old");
  const ProgramResult result = find({writePhoto("a.jpg"), "--format", "json", "--out", out});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(result.out.empty());
  EXPECT_TRUE(parsed(readFile(out)).is_object());
  EXPECT_EQ(std::distance(fs::directory_iterator(testFolder() / "results"), {}), 1);
}

TEST(Find, OutThroughALinkKeepsTheLink) {
  const std::string target = writeTestFile("target.json", "old");
  fs::create_symlink(target, testFolder() / "link.json");
  ASSERT_EQ(
      find({writePhoto("a.jpg"), "--format", "json", "--out", testFolder() / "link.json"}).status,
      0);
  EXPECT_TRUE(fs::is_symlink(testFolder() / "link.json"));
  EXPECT_TRUE(parsed(readFile(target)).is_object());
}

class UnwritableOut : public testing::TestWithParam<const char*> {};

TEST_P(UnwritableOut, EndsWithStatusThreeBeforeAnyWork) {
  writeTestFile("file", "x");
  const std::string out =
      std::string(GetParam()).starts_with('/') ? GetParam() : (testFolder() / GetParam()).string();
  // The photo does not exist: had it been looked for, it would be named.
  for (const char* option : {"--out", "--overlay"}) {
    if (out == "/dev/full") continue;
    const ProgramResult result = inklingProgram(
        {"find", "--sketch", ringSketch(), testFolder() / "missing.jpg", option, out});
    EXPECT_EQ(result.status, 3) << result.err;
    EXPECT_THAT(result.err, Not(HasSubstr("missing.jpg")));
    expectGoodManners(result);
  }
}

INSTANTIATE_TEST_SUITE_P(All, UnwritableOut,
                         testing::Values("file/below/x.json", "/proc/inkling/x.json",
                                         "/sys/inkling/x.json"));

TEST(Find, AFullDiskIsStatusThree) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
  const ProgramResult result = find({writePhoto("a.jpg"), "--out", "/dev/full"});
  EXPECT_EQ(result.status, 3) << result.err;
  EXPECT_THAT(result.err, HasSubstr("/dev/full"));
  EXPECT_TRUE(fs::is_character_file("/dev/full")) << "the device must not be replaced";
}

TEST(Find, AFolderAsOutIsStatusThree) {
  EXPECT_EQ(find({writePhoto("a.jpg"), "--out", testFolder()}).status, 3);
}

TEST(Find, OverlayWritesTwoPicturesAPhotoAndNamesNeverCollide) {
  writePhoto("a/same.jpg", 1);
  writePhoto("b/same.jpg", 2);
  writePhoto("same.jpeg", 3, {1, 1});
  const fs::path pictures = testFolder() / "pictures";
  const ProgramResult result = find({testFolder() / "a", testFolder() / "b", "--threshold", "0",
                                     testFolder() / "same.jpeg", "--overlay", pictures});
  ASSERT_EQ(result.status, 0) << result.err;
  for (const char* name : {"same", "same-2"}) {
    const Image boxes = readPhoto(pictures / (std::string(name) + ".boxes.jpg"));
    EXPECT_EQ(boxes.size(), (Size{160, 120}));
    EXPECT_EQ(readPhoto(pictures / (std::string(name) + ".attention.jpg")).size(), boxes.size());
  }
}

TEST(Find, ProgressGoesToStderrUnlessQuiet) {
  const std::string photo = writePhoto("a.jpg");
  const ProgramResult loud = inklingProgram({"find", "--sketch", ringSketch(), photo});
  EXPECT_THAT(loud.err, HasSubstr("1/1"));
  EXPECT_TRUE(find({photo}).err.empty());
}

TEST(Find, TheTrainedModelFindsABicycleOnTheRoad) {
  if (realModelFile().empty()) GTEST_SKIP() << "resources/models/inkling-s.safetensors is missing";
  const ProgramResult result =
      inklingProgram({"find", "--format", "json", "--quiet", "--sketch",
                      sourceFile("resources/samples/sketches/bicycle.json"),
                      sourceFile("resources/samples/photos/bicycle_road.jpg"),
                      sourceFile("resources/samples/photos/pizza_table.jpg")},
                     {{"INKLING_MODEL", ""}, {"INKLING_THREADS", ""}});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(parsed(result.out)["photos"][0]["photo"].get<std::string>(),
              HasSubstr("bicycle_road"));
}

}  // namespace
}  // namespace inkling
