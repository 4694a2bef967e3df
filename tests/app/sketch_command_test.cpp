// inkling sketch, and the drawings that no command accepts.
#include <cmath>
#include <fstream>

#include "core/base/file.h"
#include "core/image/photo_reader.h"
#include "core/image/picture_writer.h"
#include "core/sketch/reader.h"
#include "tests/app/fixtures.h"

namespace inkling {
namespace {

using testing::HasSubstr;

TEST(SketchCommand, RendersAPageOfTheAskedSize) {
  const std::string out = testFolder() / "ring.png";
  ASSERT_EQ(inklingProgram({"sketch", "render", ringSketch(), out, "--size", "200"}).status, 0);
  const Image picture = readPhoto(out);
  EXPECT_EQ(picture.size(), (Size{200, 200}));
  EXPECT_EQ(picture.at(0, 0), (Rgb{255, 255, 255}));
  EXPECT_LT(picture.at(100, 30).r, 60) << "the top of the ring";
}

TEST(SketchCommand, ShowsWhatTheModelSees) {
  const std::string out = testFolder() / "ring.png";
  ASSERT_EQ(inklingProgram({"sketch", "render", ringSketch(), out, "--as-model-sees"}).status, 0);
  EXPECT_EQ(readPhoto(out).size(), (Size{64, 64}));
  ASSERT_EQ(
      inklingProgram({"sketch", "render", ringSketch(), out, "--as-model-sees", "--size", "320"})
          .status,
      0);
  EXPECT_EQ(readPhoto(out).size(), (Size{320, 320}));
}

TEST(SketchCommand, ReadsATelephonesPhotoOfADrawing) {
  const std::string page = testFolder() / "page.png", photo = testFolder() / "page.jpg",
                    read = testFolder() / "read.png";
  ASSERT_EQ(inklingProgram({"sketch", "render", ringSketch(), page, "--size", "400"}).status, 0);
  Image picture = readPhoto(page);
  // A shadow falls over the right half, and the light fades to the bottom.
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      const double light = (x > 210 ? 0.5 : 0.95) * (1 - 0.3 * y / picture.height);
      const Rgb c = picture.at(x, y);
      const auto lit = [&](std::uint8_t v) {
        return static_cast<std::uint8_t>((60 + v * 195 / 255) * light);
      };
      picture.set(x, y, {lit(c.r), lit(c.g), lit(c.b)});
    }
  }
  writePicture(photo, picture);
  ASSERT_EQ(inklingProgram({"sketch", "render", photo, read, "--as-model-sees"}).status, 0);
  const std::string drawn = testFolder() / "drawn.png";
  ASSERT_EQ(inklingProgram({"sketch", "render", ringSketch(), drawn, "--as-model-sees"}).status, 0);
  const Image a = readPhoto(read), b = readPhoto(drawn);
  double difference = 0;
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) difference += std::abs(a.at(x, y).r - b.at(x, y).r) / 255.0 / 4096;
  }
  EXPECT_LT(difference, 0.05);
}

TEST(SketchCommand, ConvertsBetweenAllFormatsAndKeepsTheStrokes) {
  std::string in = ringSketch();
  for (const char* name : {"a.svg", "b.ndjson", "c.json"}) {
    const std::string out = testFolder() / name;
    ASSERT_EQ(inklingProgram({"sketch", "convert", in, out}).status, 0) << name;
    EXPECT_EQ(readSketch(out).strokes.size(), 2U) << name;
    in = out;
  }
  EXPECT_THAT(readFile(testFolder() / "b.ndjson"), HasSubstr("\"a\"")) << "the word";
}

TEST(SketchCommand, AnUnknownTargetFormatIsAUsageError) {
  const ProgramResult result =
      inklingProgram({"sketch", "convert", ringSketch(), testFolder() / "ring.doc"});
  EXPECT_EQ(result.status, 2) << result.err;
}

TEST(SketchCommand, RefusesToWriteBelowAFile) {
  const std::string file = writeTestFile("file", "x");
  const ProgramResult result =
      inklingProgram({"sketch", "convert", ringSketch(), file + "/ring.svg"});
  EXPECT_EQ(result.status, 3);
  EXPECT_THAT(result.err, HasSubstr("file"));
}

struct BadSketch {
  const char* title;
  const char* name;
  std::string content;
};

void PrintTo(const BadSketch& sketch, std::ostream* out) { *out << sketch.title; }

std::string strokesOf(const std::string& x, const std::string& y) {
  return R"({"inkling_sketch": 1, "width": 100, "height": 100, "strokes": [{"x": )" + x +
         R"(, "y": )" + y + "}]}";
}

class UnusableSketch : public testing::TestWithParam<BadSketch> {};

TEST_P(UnusableSketch, StopsAnyCommandWithStatusOneAndNamesTheFile) {
  const std::string file = writeTestFile(GetParam().name, GetParam().content);
  const std::string photo = writePhoto("photo.jpg");
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"sketch", "render", file, testFolder() / "out.png"},
        std::vector<std::string>{"find", "--sketch", file, photo},
        std::vector<std::string>{"find", "--sketch", ringSketch(), "--not", file, photo}}) {
    const ProgramResult result = inklingProgram(arguments);
    EXPECT_EQ(result.status, 1) << arguments[0] << ": " << result.err;
    EXPECT_THAT(result.err, HasSubstr(GetParam().name));
    EXPECT_TRUE(result.out.empty());
    expectGoodManners(result);
  }
  EXPECT_FALSE(std::filesystem::exists(testFolder() / "out.png"));
}

INSTANTIATE_TEST_SUITE_P(
    All, UnusableSketch,
    testing::Values(
        BadSketch{"no stroke", "bad.json", R"({"inkling_sketch": 1, "strokes": []})"},
        BadSketch{"a stroke without points", "bad.json", strokesOf("[]", "[]")},
        BadSketch{"a dot", "bad.json", strokesOf("[50]", "[50]")},
        BadSketch{"null among the numbers", "bad.json", strokesOf("[1, null]", "[1, 2]")},
        BadSketch{"the word NaN", "bad.json", strokesOf("[1, \"NaN\"]", "[1, 2]")},
        BadSketch{"bare NaN", "bad.json", strokesOf("[1, NaN]", "[1, 2]")},
        BadSketch{"1e999", "bad.json", strokesOf("[1, 1e999]", "[1, 2]")},
        BadSketch{"1e30", "bad.json", strokesOf("[1, 1e30]", "[1, 2]")},
        BadSketch{"x longer than y", "bad.json", strokesOf("[1, 2, 3]", "[1, 2]")},
        BadSketch{"another JSON object", "bad.json", "{\"hello\": 1}"},
        BadSketch{"deep nesting", "bad.json", std::string(100000, '[')},
        BadSketch{"a zero-byte file", "bad.json", ""},
        BadSketch{"a line that is no JSON", "bad.ndjson", "this is not JSON\n"},
        BadSketch{"an ndjson of blank lines", "bad.ndjson", "\n\n"},
        BadSketch{"no SVG", "bad.svg", "<html></html>"},
        BadSketch{"an SVG cut short", "bad.svg", "<svg viewBox=\"0 0 9 9\"><path d=\"M 1"},
        BadSketch{"no PNG", "bad.png", "this is text"},
        BadSketch{"another extension", "bad.txt", "a text"}));

TEST(SketchArgument, PicksADrawingOfAQuickDrawFile) {
  const std::string file = writeTestFile(
      "two.ndjson",
      R"({"word": "line", "key_id": "1", "drawing": [[[0, 200], [10, 10]]]})"
      "\n"
      R"({"word": "hook", "key_id": "2", "drawing": [[[0, 9], [0, 9]], [[9, 9], [9, 50]]]})"
      "\n");
  const std::string out = testFolder() / "hook.json";
  ASSERT_EQ(inklingProgram({"sketch", "convert", file + "#1", out}).status, 0);
  EXPECT_EQ(readSketch(out).strokes.size(), 2U);
  const ProgramResult missing = inklingProgram({"sketch", "convert", file + "#2", out});
  EXPECT_EQ(missing.status, 1);
  EXPECT_THAT(missing.err, HasSubstr("two.ndjson"));
}

}  // namespace
}  // namespace inkling
