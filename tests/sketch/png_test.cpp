#include "core/sketch/ink_from_picture.h"
#include "core/sketch/png_file.h"
#include "core/sketch/rasterise.h"
#include "core/sketch/reader.h"
#include "core/sketch/trace.h"
#include "core/sketch/writer.h"
#include "tests/sketch/sketch_samples.h"

namespace inkling {
namespace {

using testing::Each;
using testing::HasSubstr;

const Sketch& drawing() {
  static const Sketch sketch = sketchOf(
      {circle(128, 128, 90), strokeOf({70, 180}, {130, 125}), strokeOf({128, 128}, {20, 70})});
  return sketch;
}

// The drawing as a picture; `look` gives grey and alpha from ink (0..1).
template <typename Look>
GreyPicture picture(const Look& look, float lineWidth = 4) {
  const InkRaster page = renderPage(drawing(), 256, lineWidth);
  GreyPicture result{page.width, page.height, {}, {}};
  for (const std::uint8_t ink : page.ink) {
    const std::pair<double, double> greyAlpha = look(ink / 255.0);
    result.grey.push_back(static_cast<std::uint8_t>(std::clamp(greyAlpha.first, 0.0, 255.0)));
    result.alpha.push_back(static_cast<std::uint8_t>(greyAlpha.second));
  }
  return result;
}

void expectLikeTheDrawing(const GreyPicture& grey, double mean = 0.03) {
  Sketch sketch = sketchOf({});
  sketch.raster = inkFromPicture(grey);
  ASSERT_NO_THROW(validate(sketch));
  EXPECT_LT(difference(rasterise(drawing()), rasterise(sketch)).mean, mean);
}

// Two unrelated drawings differ by 0.2 and more; what is left here is a third of a pixel of bias.
TEST(Ink, DarkOnLight) {
  expectLikeTheDrawing(picture([](double ink) { return std::pair{255 - 255 * ink, 255.0}; }));
}
TEST(Ink, LightOnDark) {
  expectLikeTheDrawing(picture([](double ink) { return std::pair{30 + 200 * ink, 255.0}; }));
}
TEST(Ink, PaleInkOnGreyPaper) {
  expectLikeTheDrawing(picture([](double ink) { return std::pair{170 - 60 * ink, 255.0}; }));
}
TEST(Ink, BlackOnNothing) {
  expectLikeTheDrawing(picture([](double ink) { return std::pair{0.0, 255 * ink}; }));
}
TEST(Ink, WhiteOnNothing) {
  expectLikeTheDrawing(picture([](double ink) { return std::pair{255.0, 255 * ink}; }));
}
TEST(Ink, NoisyPaper) {
  Random random(12);
  expectLikeTheDrawing(picture([&](double ink) {
    return std::pair{220 - 180 * ink + 12 * random.normal(), 255.0};
  }));
}
TEST(Ink, DirtOnThePaper) {
  Random random(13);
  GreyPicture dirty = picture([](double ink) { return std::pair{255 - 255 * ink, 255.0}; });
  for (int i = 0; i < 200; ++i) dirty.grey[random.below(256 * 256)] = 0;
  expectLikeTheDrawing(dirty, 0.04);
}
TEST(Ink, ThickAndThinPensLookAlike) {
  for (const float width : {1.5f, 3.0f, 8.0f, 14.0f}) {
    expectLikeTheDrawing(picture(
                             [](double ink) {
                               return std::pair{255 - 255 * ink, 255.0};
                             },
                             width),
                         0.065);
  }
}

TEST(Ink, ABlankPageHasNone) {
  for (const double level : {0.0, 128.0, 255.0}) {
    const GreyPicture blank = picture([&](double) { return std::pair{level, 255.0}; });
    EXPECT_THAT(inkFromPicture(blank).ink, Each(0));
  }
  Random random(2);
  const GreyPicture noise = picture([&](double) {
    return std::pair{128 + 8 * random.normal(), 255.0};
  });
  EXPECT_THAT(inkFromPicture(noise).ink, Each(0));
}

TEST(Trace, AFilledShapeGivesItsOutline) {
  InkRaster disc{100, 100, std::vector<std::uint8_t>(10000)};
  for (int y = 0; y < 100; ++y) {
    for (int x = 0; x < 100; ++x) {
      if (std::hypot(x - 50, y - 50) < 40) disc.ink[static_cast<std::size_t>(y) * 100 + x] = 255;
    }
  }
  const InkBounds box = boundsOf(traceInk(disc));
  EXPECT_NEAR(box.width(), 80, 4);
  EXPECT_NEAR(box.height(), 80, 4);
}

TEST(Trace, LargePicturesAreQuickAndTheSame) {
  Sketch large = sketchOf({}), small = sketchOf({});
  large.raster = renderPage(drawing(), 4000, 60);
  small.raster = renderPage(drawing(), 300, 4);
  EXPECT_LT(difference(rasterise(large), rasterise(small)).mean, 0.03);
}

TEST(Trace, OneStraightLineIsOneStroke) {
  Sketch line = sketchOf({});
  line.raster = renderPage(sketchOf({strokeOf({20, 230}, {30, 200})}), 300, 5);
  const auto strokes = inkStrokes(line);
  ASSERT_EQ(strokes.size(), 1u);
  EXPECT_LE(strokes[0].size(), 12u);
}

TEST(Png, ReadsItsOwnWriting) {
  const Sketch back = sketchFromPng(toPng(drawing()), "p.png");
  EXPECT_EQ(back.width, 512);
  EXPECT_TRUE(back.strokes.empty());
  EXPECT_LT(difference(rasterise(drawing()), rasterise(back)).mean, 0.02);
}

TEST(Png, NamesFileAndReason) {
  const auto problem = [](const std::string& bytes) {
    return messageOf([&] { sketchFromPng(bytes, "p.png"); });
  };
  EXPECT_EQ(problem(""), "p.png: the file is empty");
  EXPECT_EQ(problem("GIF89a and so on"), "p.png: not a PNG file");
  EXPECT_EQ(problem("\xff\xd8\xff\xe0 a photo"), "p.png: not a PNG file");
  std::string bytes = toPng(drawing());
  bytes[bytes.size() / 2] ^= 0x55;
  bytes[bytes.size() / 2 + 1] ^= 0x55;
  EXPECT_EQ(problem(bytes), "p.png: broken PNG data");
}

TEST(Png, RefusesAHeaderBombBeforeDecoding) {
  std::string bytes = toPng(drawing());
  for (const int at : {16, 20}) {
    std::string bomb = bytes;
    bomb.replace(static_cast<std::size_t>(at), 4, std::string("\x7f\xff\xff\xff", 4));
    EXPECT_THAT(messageOf([&] { sketchFromPng(bomb, "p.png"); }), HasSubstr("too large"));
    bomb.replace(static_cast<std::size_t>(at), 4, std::string(4, '\0'));
    EXPECT_THAT(messageOf([&] { sketchFromPng(bomb, "p.png"); }), HasSubstr("no pixels"));
  }
}

TEST(Png, EveryTruncationIsAnError) {
  const std::string bytes = toPng(drawing());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    ASSERT_THROW(sketchFromPng(bytes.substr(0, length), "cut"), InputError) << length;
  }
}

TEST(Png, NoChangedByteCrashes) { expectNoChangedByteCrashes(toPng(drawing()), sketchFromPng); }

}  // namespace
}  // namespace inkling
