// inkling eval: from files to figures.
#include "core/base/file.h"
#include "core/image/photo_reader.h"
#include "tests/app/fixtures.h"

namespace inkling {
namespace {

using testing::HasSubstr;

Json photo(int id, const std::string& file) {
  return {{"id", id}, {"file_name", file}, {"width", 160}, {"height", 120}};
}

Json box(int id, int photoId, int category) {
  return {{"id", id},     {"image_id", photoId}, {"category_id", category},
          {"iscrowd", 0}, {"area", 2400},        {"bbox", {20, 20, 60, 40}}};
}

// Two photos with a ring and one with a line; the categories' words are drawn.
std::string annotations() {
  const Json json = {{"images", {photo(1, "one.jpg"), photo(2, "two.jpg"), photo(3, "three.jpg")}},
                     {"annotations", {box(1, 1, 1), box(2, 2, 1), box(3, 3, 2)}},
                     {"categories",
                      {{{"id", 1}, {"name", "ring"}, {"sketch", "circle"}, {"unseen", false}},
                       {{"id", 2}, {"name", "rod"}, {"sketch", "line"}, {"unseen", true}}}}};
  return writeTestFile("boxes.json", json.dump());
}

std::string drawings() {
  return writeTestFile(
      "drawings.ndjson",
      R"({"word": "circle", "key_id": "1", "drawing": [[[0, 90, 90, 0, 0], [0, 0, 90, 90, 0]]]})"
      "\n"
      R"({"word": "circle", "key_id": "2", "drawing": [[[0, 80, 0], [0, 40, 80]]]})"
      "\n"
      R"({"word": "line", "key_id": "3", "drawing": [[[0, 200], [10, 30]]]})"
      "\n"
      R"({"word": "line", "key_id": "4", "drawing": [[[7], [7]]]})"
      "\n");
}

void writePhotos() {
  writePhoto("photos/one.jpg", 1);
  writePhoto("photos/two.jpg", 2);
  writePhoto("photos/three.jpg", 3);
}

ProgramResult eval(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"eval", "--quiet", "--annotations", annotations(),
                                       "--photos", testFolder() / "photos"});
  return inklingProgram(arguments);
}

TEST(Eval, WritesTheDocumentedFigures) {
  writePhotos();
  const std::string out = testFolder() / "figures.json";
  const ProgramResult result =
      eval({"--sketches", drawings(), "--out", out, "--seed", "5", "--sketches-per-query", "2"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("AP50"));
  const Json json = parsed(readFile(out));
  EXPECT_EQ(json["protocol"], "sketch-guided");
  EXPECT_EQ(json["seed"], 5);
  EXPECT_EQ(json["queries"], 3);
  EXPECT_EQ(json["seen"]["queries"].get<int>() + json["unseen"]["queries"].get<int>(), 3);
  EXPECT_EQ(json["model"], "tiny.safetensors");
  for (const char* key :
       {"ap", "ap50", "ap75", "ap_small", "ap_medium", "ap_large", "ar1", "ar10", "ar100"}) {
    EXPECT_TRUE(json["all"].contains(key)) << key;
  }
  EXPECT_TRUE(json.contains("presence_auroc"));
  EXPECT_TRUE(json.contains("ci95"));
}

TEST(Eval, GivesTheSameFiguresTwice) {
  writePhotos();
  const ProgramResult once = eval({"--sketches", drawings()});
  ASSERT_EQ(once.status, 0) << once.err;
  EXPECT_EQ(once.out, eval({"--sketches", drawings()}).out);
}

TEST(Eval, TakesAFolderOfDrawings) {
  writePhotos();
  ringSketch("drawings/circle/a.json");
  ringSketch("drawings/circle/b.json");
  ringSketch("drawings/line.json");
  writeTestFile("drawings/CREDITS.json", "{}");
  const ProgramResult result = eval({"--sketches", testFolder() / "drawings"});
  EXPECT_EQ(result.status, 0) << result.err;
}

TEST(Eval, ALimitTakesTheFirstPhotos) {
  writePhotos();
  const std::string out = testFolder() / "figures.json";
  ASSERT_EQ(eval({"--sketches", drawings(), "--limit", "2", "--out", out}).status, 0);
  EXPECT_EQ(parsed(readFile(out))["queries"], 2);
}

TEST(Eval, AMissingPhotoIsNamedAndLeftOut) {
  writePhotos();
  std::filesystem::remove(testFolder() / "photos/two.jpg");
  const std::string out = testFolder() / "figures.json";
  const ProgramResult result = eval({"--sketches", drawings(), "--out", out});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("two.jpg"));
  EXPECT_EQ(parsed(readFile(out))["queries"], 2);
}

TEST(Eval, APhotoOfAnotherSizeThanAnnotatedIsLeftOut) {
  writePhotos();
  writePhoto("photos/two.jpg", 2, {320, 240});
  const ProgramResult result = eval({"--sketches", drawings()});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("320 x 240"));
}

TEST(Eval, MissingOrBrokenFilesAreNamed) {
  writePhotos();
  const std::string missing = testFolder() / "missing.ndjson";
  for (const std::string& sketches : {missing, writeTestFile("broken.ndjson", "{\n")}) {
    const ProgramResult result = eval({"--sketches", sketches});
    EXPECT_EQ(result.status, 1) << result.err;
    EXPECT_THAT(result.err, HasSubstr(std::filesystem::path(sketches).filename().string()));
    expectGoodManners(result);
  }
  const ProgramResult result =
      inklingProgram({"eval", "--annotations", writeTestFile("no.json", "[]"), "--photos",
                      testFolder() / "photos", "--sketches", drawings()});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("no.json"));
}

TEST(Eval, DrawsHowFarScoresCanBeBelieved) {
  writePhotos();
  const std::string picture = testFolder() / "reliability.png", out = testFolder() / "figures.json";
  const ProgramResult result =
      eval({"--sketches", drawings(), "--reliability", picture, "--out", out});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(readPhoto(picture).size(), (Size{700, 600}));
  EXPECT_THAT(result.out, HasSubstr("threshold"));
  const Json calibration = parsed(readFile(out))["calibration"];
  for (const char* key :
       {"box_ece", "photo_ece", "threshold", "precision", "recall", "false_positives_per_photo"}) {
    EXPECT_TRUE(calibration.contains(key)) << key;
  }
  const ProgramResult text =
      eval({"--sketches", drawings(), "--reliability", testFolder() / "reliability.txt"});
  EXPECT_EQ(text.status, 2);
  EXPECT_THAT(text.err, HasSubstr(".png"));
}

TEST(Eval, ComparesCountsAndRulesOfFusionInOneRun) {
  writePhotos();
  const std::string out = testFolder() / "fusion.json";
  const ProgramResult result =
      eval({"--sketches", drawings(), "--protocol", "fusion", "--out", out});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("5 mean-scores"));
  const Json json = parsed(readFile(out));
  ASSERT_EQ(json["variants"].size(), 10U);
  EXPECT_EQ(json["variants"][0]["all"], json["all"]) << "one drawing comes first";
  const std::string alone = testFolder() / "alone.json";
  ASSERT_EQ(eval({"--sketches", drawings(), "--out", alone}).status, 0);
  EXPECT_EQ(parsed(readFile(alone))["all"], json["all"]) << "and is what the plain protocol gives";
  EXPECT_EQ(
      eval({"--sketches", drawings(), "--protocol", "fusion", "--sketches-per-query", "3"}).status,
      2);
}

TEST(Eval, EveryStyleIsReadBack) {
  writePhotos();
  const std::string out = testFolder() / "style.json";
  const ProgramResult result =
      eval({"--sketches", drawings(), "--protocol", "style", "--out", out});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("paper"));
  EXPECT_EQ(parsed(readFile(out))["variants"].size(), 7U);
}

TEST(Eval, NotThisAsksForThingsBesideTheirLike) {
  writePhotos();
  const ProgramResult none = eval({"--sketches", drawings(), "--protocol", "not-this"});
  EXPECT_EQ(none.status, 1);
  EXPECT_THAT(none.err, HasSubstr("two things of one kind"));

  // The same photos with two vehicles (2, 3) in the first.
  Json json = parsed(readFile(annotations()));
  json["categories"][0]["id"] = 2;
  json["categories"][1]["id"] = 3;
  for (Json& entry : json["annotations"])
    entry["category_id"] = entry["category_id"].get<int>() + 1;
  json["annotations"].push_back(box(4, 1, 3));
  const std::string out = testFolder() / "not.json";
  const ProgramResult result = inklingProgram(
      {"eval", "--quiet", "--annotations", writeTestFile("vehicles.json", json.dump()), "--photos",
       testFolder() / "photos", "--sketches", drawings(), "--protocol", "not-this", "--out", out});
  ASSERT_EQ(result.status, 0) << result.err;
  const Json figures = parsed(readFile(out));
  EXPECT_EQ(figures["queries"], 2);
  EXPECT_EQ(figures["variants"][1]["name"], "with");
  EXPECT_FALSE(figures.contains("calibration"));
}

}  // namespace
}  // namespace inkling
