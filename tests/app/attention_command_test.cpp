// inkling attention: which files, what they hold.
#include "core/base/file.h"
#include "core/image/photo_reader.h"
#include "core/nn/attention/mechanisms.h"
#include "tests/app/fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

ProgramResult attention(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"attention", "--sketch", ringSketch(), "--quiet"});
  arguments.insert(arguments.end(), {"--out", testFolder() / "maps"});
  return inklingProgram(arguments);
}

TEST(Attention, WritesAPictureOfEachLayerAndTheNumbers) {
  const ProgramResult result = attention({writePhoto("a.jpg", 1, {160, 120})});
  ASSERT_EQ(result.status, 0) << result.err;
  const Json json = parsed(readFile(testFolder() / "maps/attention.json"));
  EXPECT_EQ(json["layers"], 2);
  EXPECT_EQ(json["heads"], 2);
  EXPECT_EQ(json["grid"], Json({{"width", 4}, {"height", 4}}));
  std::vector<std::string> names;
  for (const Json& map : json["maps"]) {
    names.push_back(map["name"]);
    EXPECT_EQ(readPhoto(testFolder() / "maps" / map["file"].get<std::string>()).size(),
              (Size{160, 120}));
    EXPECT_LE(map["min"], map["max"]);
    EXPECT_EQ(map["values"].size(), map["height"].get<std::size_t>());
    EXPECT_EQ(map["values"][0].size(), map["width"].get<std::size_t>());
  }
  EXPECT_THAT(names, testing::ElementsAre("layer-0", "layer-1", "relevance"));
  EXPECT_THAT(result.out, HasSubstr("layer-1.png\n"));
  EXPECT_THAT(result.out, HasSubstr("attention.json\n"));
}

TEST(Attention, GivesRolloutAndStrokesWhenAsked) {
  const ProgramResult result = attention({writePhoto("a.jpg"), "--layer", "1", "--head", "0",
                                          "--rollout", "--per-stroke", "--colour-map", "magma"});
  ASSERT_EQ(result.status, 0) << result.err;
  for (const char* name : {"layer-1.png", "rollout.png", "stroke-0.png", "stroke-1.png"}) {
    EXPECT_TRUE(fs::exists(testFolder() / "maps" / name)) << name;
  }
  EXPECT_FALSE(fs::exists(testFolder() / "maps/layer-0.png"));
  EXPECT_NE(readFile(testFolder() / "maps/stroke-0.png"),
            readFile(testFolder() / "maps/stroke-1.png"));
}

TEST(Attention, ALayerOrHeadThatIsNotThereIsAUsageError) {
  const std::string photo = writePhoto("a.jpg");
  for (const char* option : {"--layer", "--head"}) {
    const ProgramResult result = attention({photo, option, "7"});
    EXPECT_EQ(result.status, 2) << result.err;
    expectGoodManners(result);
  }
}

TEST(Attention, APictureAsSketchHasNoStrokesToShow) {
  const std::string picture = testFolder() / "ring.png";
  ASSERT_EQ(inklingProgram({"sketch", "render", ringSketch(), picture}).status, 0);
  const ProgramResult result =
      inklingProgram({"attention", "--sketch", picture, writePhoto("a.jpg"), "--per-stroke",
                      "--out", testFolder() / "maps"});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("no strokes"));
  EXPECT_TRUE(fs::exists(testFolder() / "maps/layer-0.png"));
}

// One map of attention.json.
Json mapCalled(const std::string& name) {
  const Json json = parsed(readFile(testFolder() / "maps/attention.json"));
  for (const Json& map : json["maps"]) {
    if (map["name"] == name) return map;
  }
  ADD_FAILURE() << "no map " << name;
  return {};
}

double sumOf(const Json& map) {
  double sum = 0;
  for (const Json& row : map["values"]) {
    for (const Json& value : row) sum += value.get<double>();
  }
  return sum;
}

class AttentionOfMechanism : public testing::TestWithParam<std::string> {};

TEST_P(AttentionOfMechanism, ShowsWherePlacesLook) {
  // A square photo covers the whole grid, so that what a place looks at sums to one.
  const ProgramResult result =
      attention({writePhoto("a.jpg", 1, {120, 120}), "--self", "--at", "10,10", "--at", "119,60",
                 "--rollout", "--model", tinyModelFile(GetParam())});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(parsed(readFile(testFolder() / "maps/attention.json"))["mechanism"], GetParam());
  for (const char* name : {"self-layer-0", "self-layer-1", "at-0-layer-1", "at-1-layer-1"}) {
    EXPECT_TRUE(fs::exists(testFolder() / "maps" / (std::string(name) + ".png"))) << name;
    EXPECT_NEAR(sumOf(mapCalled(name)), 1, 1e-3) << name;
  }
  const Json place = mapCalled("at-1-layer-1");
  EXPECT_EQ(place["place"], Json({0.875, 0.625})) << "the middle of its cell";
  EXPECT_EQ(place.contains("points"), GetParam() == "deformable");
  EXPECT_EQ(place.contains("regions"), GetParam() == "bilevel-routing");
}

INSTANTIATE_TEST_SUITE_P(Of, AttentionOfMechanism, testing::ValuesIn(attentionMechanisms()),
                         [](const auto& each) {
                           std::string name = each.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(Attention, APlaceMustBeOnThePhoto) {
  const std::string photo = writePhoto("a.jpg", 1, {160, 120});
  for (const char* place : {"160,20", "-1,5", "12", "a,b", "3,4,5", "nan,1"}) {
    const ProgramResult result = attention({photo, "--at=" + std::string(place)});
    EXPECT_EQ(result.status, 2) << place;
    EXPECT_THAT(result.err, HasSubstr("--at")) << place;
    expectGoodManners(result);
  }
}

}  // namespace
}  // namespace inkling
