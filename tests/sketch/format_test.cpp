// Inkling's own format, and reading and writing by extension.
#include "core/base/file.h"
#include "core/sketch/rasterise.h"
#include "core/sketch/reader.h"
#include "core/sketch/writer.h"
#include "tests/sketch/sketch_samples.h"

namespace inkling {
namespace {

using testing::HasSubstr;

std::string problem(const std::string& text) {
  return messageOf([&] {
    const Sketch sketch = sketchFromJson(text, "s.json");
    validate(sketch);
  });
}

TEST(SketchJson, ReadsTheFormatOfTheDesign) {
  const Sketch sketch = sketchFromJson(
      R"({"inkling_sketch": 1, "width": 640, "height": 480, "strokes": [
          {"x": [1, 2.5], "y": [3, 4], "t": [0, 12], "pressure": [0.5, 1], "eraser": false},
          {"x": [9], "y": [9], "eraser": true}]})",
      "s.json");
  EXPECT_EQ(sketch.width, 640);
  ASSERT_EQ(sketch.strokes.size(), 2u);
  EXPECT_EQ(sketch.strokes[0].x, (std::vector<float>{1, 2.5}));
  EXPECT_EQ(sketch.strokes[0].pressure, (std::vector<float>{0.5, 1}));
  EXPECT_TRUE(sketch.strokes[1].eraser);
}

TEST(SketchJson, NamesFileAndReason) {
  EXPECT_THAT(problem(""), HasSubstr("s.json: not valid JSON"));
  EXPECT_THAT(problem("{"), HasSubstr("s.json: not valid JSON"));
  EXPECT_THAT(problem("[1]"), HasSubstr("not an Inkling sketch"));
  EXPECT_THAT(problem(R"({"strokes": []})"), HasSubstr("\"inkling_sketch\" is missing"));
  EXPECT_THAT(problem(R"({"inkling_sketch": 2, "strokes": []})"), HasSubstr("version 2"));
  EXPECT_THAT(problem(R"({"inkling_sketch": "1", "strokes": []})"), HasSubstr("wrong type"));
  EXPECT_THAT(problem(R"({"inkling_sketch": 1})"), HasSubstr("\"strokes\" is missing"));
  EXPECT_THAT(problem(R"({"inkling_sketch": 1, "strokes": []})"), HasSubstr("the sketch is empty"));
  EXPECT_THAT(problem(R"({"inkling_sketch": 1, "strokes": [], "width": "a"})"),
              HasSubstr("\"width\""));
}

TEST(SketchJson, NamesTheStroke) {
  const auto withStroke = [](const std::string& stroke) {
    return problem(R"({"inkling_sketch": 1, "strokes": [{"x": [0, 9], "y": [0, 9]}, )" + stroke +
                   "]}");
  };
  EXPECT_THAT(withStroke("3"), HasSubstr("stroke 1 is not an object"));
  EXPECT_THAT(withStroke(R"({"x": [1]})"), HasSubstr("stroke 1 lacks the field \"y\""));
  EXPECT_THAT(withStroke(R"({"x": 1, "y": [1]})"), HasSubstr("\"x\" is not a list"));
  EXPECT_THAT(withStroke(R"({"x": [1], "y": [null]})"),
              HasSubstr("\"y\" holds what is not a number"));
  EXPECT_THAT(withStroke(R"({"x": [1], "y": [1e300]})"), HasSubstr("out of range"));
  EXPECT_THAT(withStroke(R"({"x": [1], "y": [1e999]})"), HasSubstr("s.json"));
  EXPECT_THAT(withStroke(R"({"x": [1], "y": [NaN]})"), HasSubstr("not valid JSON"));
  EXPECT_THAT(withStroke(R"({"x": [1], "y": [1e7]})"), HasSubstr("absurd"));
  EXPECT_THAT(withStroke(R"({"x": [1, 2], "y": [1]})"), HasSubstr("different lengths"));
  EXPECT_THAT(withStroke(R"({"x": [1], "y": [1], "t": [1, 2]})"), HasSubstr("different lengths"));
  EXPECT_THAT(withStroke(R"({"x": [1], "y": [1], "eraser": 1})"), HasSubstr("\"eraser\""));
}

TEST(SketchJson, EveryTruncationIsAnError) {
  Random random(4);
  const std::string text = toJson(randomSketch(random));
  for (std::size_t length = 0; length + 2 < text.size(); ++length) {
    ASSERT_THROW(sketchFromJson(text.substr(0, length), "cut"), InputError) << length;
  }
}

TEST(WriteSketch, EveryFormatCanBeReadAgain) {
  const TemporaryFolder folder;
  Random random(21);
  Sketch sketch = randomSketch(random);
  sketch.name = "zebra";
  const auto before = rasterise(sketch);
  for (const char* name : {"a.json", "b.svg", "c.ndjson", "sub/d.PNG"}) {
    writeSketch(folder / name, sketch);
    const Sketch back = readSketch(folder / name);
    EXPECT_EQ(back.name, (folder / name).string());
    EXPECT_LT(difference(before, rasterise(back)).mean, 0.05) << name;
  }
  EXPECT_EQ(readQuickDraw(folder / "c.ndjson")[0].word, "zebra");
}

TEST(WriteSketch, APictureIsTracedIntoStrokes) {
  const Sketch picture = sketchFromPng(toPng(sketchOf({circle(128, 128, 90)})), "p");
  const Sketch traced = sketchFromJson(toJson(picture), "t");
  EXPECT_FALSE(traced.strokes.empty());
  EXPECT_LT(difference(rasterise(picture), rasterise(traced)).mean, 0.005);
}

TEST(WriteSketch, RefusesWhatItCannotWrite) {
  const Sketch sketch = sketchOf({circle(1, 1, 1)});
  const TemporaryFolder folder;
  EXPECT_THROW(writeSketch(folder / "a.gif", sketch), UsageError);
  EXPECT_THROW(writeSketch("/proc/none/a.json", sketch), OutputError);
}

TEST(ReadSketch, NamesFileAndReason) {
  const TemporaryFolder folder;
  writeFileAtomically(folder / "a.txt", "hello");
  EXPECT_EQ(
      messageOf([&] { readSketch(folder / "a.txt"); }),
      (folder / "a.txt").string() + ": a sketch is a .json, .ndjson, .svg, .png or .jpg file");
  EXPECT_THAT(messageOf([&] { readSketch(folder / "none.txt"); }), HasSubstr("cannot be opened"));
  EXPECT_THAT(messageOf([&] { readSketch(folder / ""); }), HasSubstr("is a folder"));
  EXPECT_THAT(messageOf([&] { readSketch(folder / "none.svg"); }),
              HasSubstr("none.svg: cannot be opened"));
  writeFileAtomically(folder / "empty.json", "");
  EXPECT_THAT(messageOf([&] { readSketch(folder / "empty.json"); }),
              HasSubstr("empty.json: not valid"));
}

}  // namespace
}  // namespace inkling
