#include "core/base/file.h"
#include "core/sketch/rasterise.h"
#include "core/sketch/reader.h"
#include "core/sketch/svg_path.h"
#include "core/sketch/svg_transform.h"
#include "core/sketch/writer.h"
#include "tests/sketch/sketch_samples.h"

namespace inkling {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

SvgLine lineOf(const char* data) { return parseSvgPath(data).at(0); }

Sketch svg(const std::string& content, const std::string& attributes = "viewBox='0 0 100 100'") {
  return sketchFromSvg("<svg " + attributes + " fill='none' stroke='#000'>" + content + "</svg>",
                       "s.svg");
}

Stroke one(const std::string& content) {
  const Sketch sketch = svg(content);
  EXPECT_EQ(sketch.strokes.size(), 1u) << content;
  return sketch.strokes.empty() ? Stroke{} : sketch.strokes[0];
}

std::string problem(const std::string& content) {
  return messageOf([&] { svg(content); });
}

void expectEnd(const std::string& data, float x, float y) {
  const Stroke stroke = one("<path d='" + data + "'/>");
  ASSERT_FALSE(stroke.x.empty());
  EXPECT_NEAR(stroke.x.back(), x, 1e-4) << data;
  EXPECT_NEAR(stroke.y.back(), y, 1e-4) << data;
}

TEST(Svg, ReadsLines) {
  EXPECT_THAT(one("<path d='M10 20 L30,40 50 60'/>").x, ElementsAre(10, 30, 50));
  EXPECT_THAT(one("<path d='m10 20l5-5 5 5'/>").y, ElementsAre(20, 15, 20));
  EXPECT_THAT(one("<path d='M1 2H9V8h-3v-4z'/>").x, ElementsAre(1, 9, 9, 6, 6, 1));
  EXPECT_THAT(one("<path d='M.5.5L1e1-.5'/>").x, ElementsAre(0.5, 10));
  EXPECT_THAT(one("<polyline points='0,0 5,5 9 0'/>").x, ElementsAre(0, 5, 9));
  EXPECT_THAT(one("<polygon points='0,0 5,5 9 0'/>").x, ElementsAre(0, 5, 9, 0));
  EXPECT_THAT(one("<line x1='1' y1='2' x2='3px' y2='4'/>").y, ElementsAre(2, 4));
  EXPECT_THAT(one("<rect x='1' y='2' width='10' height='20'/>").y, ElementsAre(2, 2, 22, 22, 2));
}

TEST(Svg, CurvesEndWhereTheyShould) {
  expectEnd("M0 0C10 0 20 10 20 20", 20, 20);
  expectEnd("M0 0c10 0 20 10 20 20s10 10 20 20", 40, 40);
  expectEnd("M0 0Q10 0 20 20T40 40", 40, 40);
  expectEnd("M5 5q10 0 20 20t10 10", 35, 35);
  expectEnd("M0 0A10 20 30 0 1 30 30", 30, 30);
  expectEnd("M0 0a5 5 0 0110 0", 10, 0);
  expectEnd("M3 3a0 5 0 0 1 4 4", 7, 7);
}

TEST(Svg, CurvesPassWhereTheyShould) {
  // The middle of a cubic is (a + 3b + 3c + d) / 8.
  const SvgLine cubic = lineOf("M0 0C0 8 16 8 16 0");
  EXPECT_NEAR(cubic[8].x, 8, 1e-9);
  EXPECT_NEAR(cubic[8].y, 6, 1e-9);
  // A half circle of radius 5 stays 5 from its centre; its flag chooses the side.
  for (const SvgPoint& p : lineOf("M0 0A5 5 0 0 1 10 0")) {
    EXPECT_NEAR(std::hypot(p.x - 5, p.y), 5, 1e-9);
    EXPECT_LE(p.y, 1e-9);
  }
  for (const SvgPoint& p : lineOf("M0 0A5 5 0 0 0 10 0")) EXPECT_GE(p.y, -1e-9);
  // Radii that are too small grow until the arc fits.
  for (const SvgPoint& p : lineOf("M0 0A1 1 0 0 1 10 0")) {
    EXPECT_NEAR(std::hypot(p.x - 5, p.y), 5, 1e-9);
  }
  const Stroke circleLine = one("<circle cx='50' cy='50' r='20'/>");
  for (std::size_t i = 0; i < circleLine.size(); ++i) {
    EXPECT_NEAR(std::hypot(circleLine.x[i] - 50, circleLine.y[i] - 50), 20, 1e-4);
  }
  EXPECT_GT(one("<ellipse cx='50' cy='50' rx='20' ry='5'/>").size(), 20u);
}

TEST(Svg, ANewSubPathIsANewStroke) {
  const Sketch sketch = svg("<path d='M0 0L9 9M20 20L30 30zl5 0'/>");
  ASSERT_EQ(sketch.strokes.size(), 3u);
  EXPECT_THAT(sketch.strokes[2].x, ElementsAre(20, 25));
}

TEST(Svg, AppliesTransforms) {
  const auto pointOf = [](const std::string& transform) {
    const Stroke s = one("<g transform='" + transform + "'><path d='M1 2L50 50'/></g>");
    return std::pair{s.x[0], s.y[0]};
  };
  const auto expect = [&](const std::string& transform, float x, float y) {
    EXPECT_NEAR(pointOf(transform).first, x, 1e-5) << transform;
    EXPECT_NEAR(pointOf(transform).second, y, 1e-5) << transform;
  };
  expect("translate(10)", 11, 2);
  expect("translate(10,20) scale(2)", 12, 24);
  expect("scale(2 3)", 2, 6);
  expect("rotate(90)", -2, 1);
  expect("rotate(180 5 5)", 9, 8);
  expect("matrix(1 2 3 4 5 6)", 12, 16);
  expect("skewX(45)", 3, 2);
  expect("skewY(45) ,", 1, 3);
}

TEST(Svg, NestedTransformsApplyFromTheInside) {
  const Stroke s =
      one("<g transform='translate(10 0)'><g transform='scale(2)'><path d='M1 1L9 9'/></g></g>");
  EXPECT_FLOAT_EQ(s.x[0], 12);
}

TEST(Svg, ThePageIsTheViewBox) {
  const Sketch moved =
      svg("<path d='M-50 -50L0 0'/>", "width='10' height='10' viewBox='-50 -50 200 100'");
  EXPECT_EQ(moved.width, 200);
  EXPECT_EQ(moved.height, 100);
  EXPECT_FLOAT_EQ(moved.strokes[0].x[0], 0);
  EXPECT_EQ(svg("<path d='M0 0L9 9'/>", "width='30px' height='100%'").width, 30);
  EXPECT_EQ(svg("<path d='M0 0L9 9'/>", "width='30px' height='100%'").height, 0);
}

TEST(Svg, PassesOverWhatIsNotDrawn) {
  for (const char* nothing :
       {"<defs><path d='M0 0L9 9'/></defs>", "<path stroke='none' d='M0 0L9 9'/>",
        "<g display='none'><path d='M0 0L9 9'/></g>",
        "<g style='visibility: hidden'><path d='M0 0L9 9'/></g>",
        "<clipPath><rect width='5' height='5'/></clipPath>", "<style>path { fill: red }</style>",
        "<rect width='0' height='5'/>", "<circle r='0'/>", "<path/>", "<polyline points=''/>"}) {
    EXPECT_EQ(svg("<path d='M0 0L5 5'/>" + std::string(nothing)).strokes.size(), 1u) << nothing;
  }
}

TEST(Svg, PaperIsNoInk) {
  const std::string line = "<path d='M10 10L50 50'/>";
  EXPECT_EQ(
      svg("<rect width='100' height='100' fill='white' stroke='none'/>" + line).strokes.size(), 1u);
  EXPECT_EQ(svg("<rect width='100' height='100' fill='#202020' stroke='none'/>"
                "<path d='M10 10L50 50' stroke='#FFF'/>")
                .strokes.size(),
            1u);
  EXPECT_EQ(svg("<path d='M10 10L50 50' stroke='white'/>" + line).strokes.size(), 1u);
  EXPECT_EQ(svg("<path d='M10 10L50 50' stroke='white'/>").strokes.size(), 1u);
}

TEST(Svg, FilledShapesGiveTheirOutline) {
  const Sketch sketch =
      sketchFromSvg("<svg viewBox='0 0 99 99'><path d='M0 0L50 0L50 50z'/></svg>", "s");
  ASSERT_EQ(sketch.strokes.size(), 1u);
  EXPECT_EQ(sketch.strokes[0].size(), 4u);
}

TEST(Svg, ReadsWhatADrawingProgramWrites) {
  const Sketch sketch = readSketch(dataDir() / "house.svg");
  EXPECT_EQ(sketch.width, 200);
  ASSERT_EQ(sketch.strokes.size(), 4u);
  const InkBounds box = boundsOf(sketch.strokes);
  EXPECT_NEAR(box.left, 30, 15);
  EXPECT_LT(box.right, 200);
  // The circle: centre (70, 100) in the scaled group, turned about (70, 100), moved by (20, 10).
  const InkBounds round = boundsOf({sketch.strokes[2]});
  EXPECT_NEAR(round.width(), 12, 1e-4);
}

TEST(Svg, NamesFileAndReason) {
  const auto whole = [](const std::string& text) {
    return messageOf([&] { sketchFromSvg(text, "s.svg"); });
  };
  EXPECT_EQ(whole(""), "s.svg: not an SVG file");
  EXPECT_EQ(whole("hello"), "s.svg: not an SVG file");
  EXPECT_EQ(whole("<html></html>"), "s.svg: not an SVG file (its root is <html>)");
  EXPECT_EQ(whole("<svg>"), "s.svg: the file is truncated (<svg> is not closed)");
  EXPECT_THAT(whole("<svg></g></svg>"), HasSubstr("</g> closes nothing"));
  EXPECT_THAT(whole("<svg><path d=3/></svg>"), HasSubstr("not valid XML"));
  EXPECT_THAT(whole("<svg>< ></svg>"), HasSubstr("not valid XML"));
  EXPECT_THAT(problem("<path d='10 10'/>"), HasSubstr("s.svg: "));
  EXPECT_THAT(problem("<path d='L10 10'/>"), HasSubstr("does not start with M"));
  EXPECT_THAT(problem("<path d='z'/>"), HasSubstr("does not start with M"));
  EXPECT_THAT(problem("<path d='M0 0 B 3'/>"), HasSubstr("unknown command"));
  EXPECT_THAT(problem("<path d='M0 0 L 3'/>"), HasSubstr("expected a number"));
  EXPECT_THAT(problem("<path d='M0 0 L nan 3'/>"), HasSubstr("expected a number"));
  EXPECT_THAT(problem("<path d='M0 0 L -inf 3'/>"), HasSubstr("expected a number"));
  EXPECT_THAT(problem("<path d='M0 0 L 1e999 3'/>"), HasSubstr("out of range"));
  EXPECT_THAT(problem("<path d='M0 0 L 1e9 3'/>"), HasSubstr("absurd"));
  EXPECT_THAT(problem("<path d='M0 0 A 1 1 0 2 0 3 3'/>"), HasSubstr("expected a number"));
  EXPECT_THAT(problem("<g transform='spin(3)'/>"), HasSubstr("transform \"spin\""));
  EXPECT_THAT(problem("<g transform='scale(3'/>"), HasSubstr("is broken"));
  EXPECT_THAT(problem("<rect width='abc' height='3'/>"), HasSubstr("expected a number"));
  EXPECT_THAT(messageOf([&] { validate(svg("")); }), HasSubstr("the sketch is empty"));
}

TEST(Svg, GuardsAgainstBombs) {
  std::string deep = "<svg>";
  for (int i = 0; i < 100000; ++i) deep += "<g>";
  EXPECT_THAT(messageOf([&] { sketchFromSvg(deep, "s"); }), HasSubstr("nested"));
  std::string wide = "<svg ";
  for (int i = 0; i < 10000; ++i) wide += "a='1' ";
  EXPECT_THAT(messageOf([&] { sketchFromSvg(wide + "/>", "s"); }), HasSubstr("attributes"));
  std::string laughs =
      "<!DOCTYPE svg [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><svg><path d='&b;'/></svg>";
  EXPECT_THROW(sketchFromSvg(laughs, "s"), InputError);
  std::string curves = "<svg><path d='M0 0";
  for (int i = 0; i < 200000; ++i) curves += "q1 1 2 0";
  EXPECT_THAT(messageOf([&] { sketchFromSvg(curves + "'/></svg>", "s"); }), HasSubstr("points"));
}

TEST(Svg, EveryTruncationIsAnError) {
  const std::string text = readFile(dataDir() / "house.svg");
  const std::size_t end = text.rfind('>');
  for (std::size_t length = 0; length <= end; ++length) {
    ASSERT_THROW(sketchFromSvg(text.substr(0, length), "cut"), InputError) << length;
  }
}

TEST(Svg, NoChangedByteCrashes) {
  const std::string text = readFile(dataDir() / "house.svg");
  Random random(9);
  int readable = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string changed = text;
    for (int k = 0; k < 3; ++k) {
      changed[random.below(static_cast<std::uint32_t>(text.size()))] =
          static_cast<char>(random.below(256));
    }
    try {
      const Sketch sketch = sketchFromSvg(changed, "changed");
      validate(sketch);
      rasterise(sketch);
      ++readable;
    } catch (const InputError&) {
    }
  }
  EXPECT_GT(readable, 0);
}

}  // namespace
}  // namespace inkling
