#include <limits>

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/image/overlay.h"
#include "core/image/resize.h"
#include "photo_fixtures.h"

namespace inkling {
namespace {

constexpr Rgb kGrey = {128, 128, 128};

int changedPixels(const Image& before, const Image& after, const Box& area) {
  int changed = 0;
  for (int y = static_cast<int>(area.y); y < area.bottom(); ++y) {
    for (int x = static_cast<int>(area.x); x < area.right(); ++x) {
      changed += before.at(x, y) == after.at(x, y) ? 0 : 1;
    }
  }
  return changed;
}

// --- Heat maps
// ------------------------------------------------------------------------------------------------------

TEST(HeatMaps, NormalisedRunsFromZeroToOne) {
  const HeatMap map = normalised({3, 1, {-2, 0, 6}});
  EXPECT_EQ(map.values, (std::vector<float>{0, 0.25F, 1}));
}

TEST(HeatMaps, AConstantMapSaysNothing) {
  EXPECT_EQ(normalised({2, 1, {0.7F, 0.7F}}).values, (std::vector<float>{0, 0}));
}

TEST(HeatMaps, ValuesThatAreNotFiniteCountAsTheSmallest) {
  const float inf = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(normalised({4, 1, {nan, 1, inf, 3}}).values, (std::vector<float>{0, 0, 0, 1}));
  EXPECT_EQ(normalised({2, 1, {nan, nan}}).values, (std::vector<float>{0, 0}));
}

TEST(HeatMaps, OpacityMixesPhotoAndColours) {
  const Image photo({40, 40}, kGrey);
  const HeatMap map{2, 2, {0, 0, 0, 1}};
  EXPECT_EQ(blendHeatMap(photo, map, ColourMap::viridis, 0), photo);
  const Image full = blendHeatMap(photo, map, ColourMap::viridis, 1);
  const Rgb cold = colour(ColourMap::viridis, 0), hot = colour(ColourMap::viridis, 1);
  EXPECT_NEAR(full.at(0, 0).b, cold.b, 4) << "cubic enlargement may swing a little";
  EXPECT_NEAR(full.at(0, 0).r, cold.r, 4);
  EXPECT_EQ(full.at(39, 39), hot);
  const Image half = blendHeatMap(photo, map, ColourMap::viridis, 0.5);
  EXPECT_NEAR(half.at(39, 39).r, (128 + 0xFD) / 2.0, 1);
}

TEST(HeatMaps, AMapAloneIsWhatIsBlendedAtFullOpacity) {
  const HeatMap map{3, 2, {0, 5, 1, 2, -3, 4}};
  const Image alone = colouredMap(map, {90, 60}, ColourMap::magma);
  EXPECT_EQ(alone, blendHeatMap(Image({90, 60}, kGrey), map, ColourMap::magma, 1));
  EXPECT_THROW(colouredMap(map, {0, 60}), UsageError);
  EXPECT_THROW(colouredMap({2, 2, {1}}, {9, 9}), UsageError);
}

TEST(HeatMaps, TheHotSpotLiesWhereTheMapSays) {
  HeatMap map{8, 6, std::vector<float>(48, 0.0F)};
  map.values[2 * 8 + 5] = 1;  // column 5, row 2
  const Image heat = blendHeatMap(Image({800, 600}, kGrey), map, ColourMap::magma, 1);
  Size brightest;
  int best = -1;
  for (int y = 0; y < 600; ++y) {
    for (int x = 0; x < 800; ++x) {
      const Rgb c = heat.at(x, y);
      if (c.r + c.g + c.b > best) best = c.r + c.g + c.b, brightest = {x, y};
    }
  }
  EXPECT_NEAR(brightest.width, 550, 15) << "the middle of column 5";
  EXPECT_NEAR(brightest.height, 250, 15);
}

TEST(HeatMaps, WorkAtAnySize) {
  const HeatMap large{64, 64, std::vector<float>(4096, 0.5F)};
  EXPECT_EQ(blendHeatMap(Image({1, 1}, kGrey), large).size(), (Size{1, 1}));
  EXPECT_EQ(blendHeatMap(quadrants(), {1, 1, {3}}).size(), kQuadrantsSize);
}

TEST(HeatMaps, RefuseWhatMakesNoSense) {
  EXPECT_THROW(blendHeatMap(quadrants(), {2, 2, {1, 2, 3}}), UsageError);
  EXPECT_THROW(blendHeatMap(quadrants(), {0, 0, {}}), UsageError);
  EXPECT_THROW(blendHeatMap(Image(), {1, 1, {1}}), UsageError);
  EXPECT_THROW(blendHeatMap(quadrants(), {1, 1, {1}}, ColourMap::jet, 1.5), UsageError);
  EXPECT_THROW(blendHeatMap(quadrants(), {1, 1, {1}}, ColourMap::jet, -0.1), UsageError);
}

// --- Boxes
// ----------------------------------------------------------------------------------------------------------

TEST(Boxes, LinesAreOnTheEdgesAndTheObjectStaysVisible) {
  const Image before({640, 480}, kGrey);
  Image after = before;
  drawBoxes(after, std::vector<ScoredBox>{{{200, 150, 200, 200}, 0.93}}, "giraffe");
  for (const auto& [x, y] : {std::pair{201, 250}, {398, 250}, {300, 348}}) {
    EXPECT_NE(after.at(x, y), kGrey) << x << ", " << y;
  }
  EXPECT_EQ(changedPixels(before, after, {215, 165, 170, 170}), 0) << "inside";
  EXPECT_EQ(changedPixels(before, after, {0, 365, 640, 115}), 0) << "below";
  EXPECT_GT(changedPixels(before, after, {200, 120, 100, 28}), 1500) << "the plate, above";
}

TEST(Boxes, TheFirstIsOnTopAndStrongest) {
  const Image before({640, 480}, kGrey);
  const auto ink = [&](const std::vector<ScoredBox>& boxes, const Box& area) {
    Image after = before;
    drawBoxes(after, boxes);
    return changedPixels(before, after, area);
  };
  const ScoredBox left{{50, 200, 150, 150}, 0.9}, right{{400, 200, 150, 150}, 0.9};
  const Box leftHalf{0, 0, 320, 480};
  EXPECT_GT(ink({left, right}, leftHalf), ink({right, left}, leftHalf));

  Image both = before, alone = before;
  const ScoredBox same{{100, 100, 200, 200}, 0.5};
  drawBoxes(both, std::vector<ScoredBox>{same, same});
  drawBoxes(alone, std::vector<ScoredBox>{same});
  EXPECT_EQ(both.at(101, 250), alone.at(101, 250));
}

TEST(Boxes, PlatesStayInsideThePhoto) {
  Image photo({640, 480}, kGrey);
  const Image before = photo;
  drawBoxes(photo, std::vector<ScoredBox>{{{600, 0, 100, 60}, 0.5}}, "a label of some length");
  EXPECT_GT(changedPixels(before, photo, {440, 0, 150, 30}), 1000)
      << "moved to the left and inside";
}

int pixelsOf(const Image& image, Rgb colour) {
  int count = 0;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) count += image.at(x, y) == colour ? 1 : 0;
  }
  return count;
}

TEST(BoxGroups, EachHasTheColourOfItsPlace) {
  Image photo({640, 480}, kGrey);
  drawBoxGroups(photo, std::vector<BoxGroup>{{"chair", {{{100, 100, 80, 80}, 0.9}}},
                                             {"nothing", {}},
                                             {"table", {{{300, 300, 80, 80}, 0.8}}}});
  EXPECT_EQ(photo.at(140, 178), groupColour(0));
  EXPECT_EQ(photo.at(340, 378), groupColour(2));
  EXPECT_EQ(pixelsOf(photo, groupColour(1)), 0);
}

TEST(BoxGroups, HaveColoursThatDiffer) {
  for (std::size_t a = 0; a < 40; ++a) {
    for (std::size_t b = 0; b < std::min<std::size_t>(a, 14); ++b) {
      const Rgb one = groupColour(a), other = groupColour(b);
      const int distance =
          std::abs(one.r - other.r) + std::abs(one.g - other.g) + std::abs(one.b - other.b);
      EXPECT_GT(distance, a < 14 ? 60 : 10) << a << " and " << b;
    }
  }
}

// Five things of different kinds in the same place: the plate of each can be read.
TEST(BoxGroups, PlatesDoNotHideEachOther) {
  const Box same{200, 150, 250, 200};
  std::vector<BoxGroup> groups;
  for (int g = 0; g < 5; ++g) groups.push_back({"thing", {{same, 0.9 - 0.1 * g}}});
  Image photo({640, 480}, kGrey);
  drawBoxGroups(photo, groups);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    Image alone({640, 480}, kGrey);
    drawBoxGroups(alone, std::vector<BoxGroup>{groups[0]});
    const int frame = 4 * 250 * 3, plate = pixelsOf(alone, groupColour(0)) - frame;
    EXPECT_GT(pixelsOf(photo, groupColour(g)), plate * 2 / 3) << g;
  }
}

TEST(Boxes, OnASmallPhotoTheObjectStaysVisible) {
  const Image before({64, 48}, kGrey);
  std::vector<ScoredBox> boxes;
  for (int i = 0; i < 4; ++i) boxes.push_back({{2.0 + 15 * i, 2.0 + 11 * i, 8, 8}, 0.9});
  Image after = before;
  drawBoxes(after, boxes, "chair");
  const int changed = changedPixels(before, after, {0, 0, 64, 48});
  const int frames = 4 * 12 * 12;  // the boxes with their rims
  EXPECT_GT(changed, frames) << "a plate is there";
  EXPECT_LE(changed, 64 * 48 / 3 + frames);
}

TEST(Boxes, OnAFlatPhotoThereIsNoRoomForPlates) {
  Image photo({2000, 10}, kGrey);
  drawBoxes(photo, std::vector<ScoredBox>{{{5, 2, 40, 6}, 0.9}}, "chair");
  EXPECT_NE(photo.at(20, 2), kGrey);
  EXPECT_EQ(photo.at(60, 5), kGrey);
}

TEST(Boxes, HardInputsDoNotHarm) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<ScoredBox> boxes = {{{-1e9, -1e9, 2e9, 2e9}, 2},
                                        {{5, 5, 0, 0}, 0.1},
                                        {{nan, 0, 3, 3}, nan},
                                        {{1000, 1000, 5, 5}, 0.3},
                                        {{3.2, 3.7, 0.1, 0.1}, -1.0}};
  for (const Size size : {Size{1, 1}, {2, 300}, {33, 20}, {400, 300}}) {
    Image photo(size, kGrey);
    drawBoxes(photo, boxes, "长颈鹿 \xFF\n giraffe");
    EXPECT_EQ(photo.size(), size);
  }
  Image photo(quadrants());
  drawBoxes(photo, {});
  EXPECT_EQ(photo, quadrants());
  Image nothing;
  EXPECT_THROW(drawBoxes(nothing, boxes), UsageError);
}

// --- Composition
// ----------------------------------------------------------------------------------------------------

TEST(SideBySide, JoinsOnWhiteAtOneHeight) {
  const std::vector<Image> pictures = {Image({20, 10}, kGrey), Image({40, 40}, {1, 2, 3})};
  const Image row = sideBySide(pictures, 4);
  ASSERT_EQ(row.size(), (Size{20 + 4 + 10, 10}));
  EXPECT_EQ(row.at(19, 5), kGrey);
  EXPECT_EQ(row.at(21, 5), (Rgb{255, 255, 255}));
  EXPECT_EQ(row.at(24, 5), (Rgb{1, 2, 3}));
  EXPECT_EQ(sideBySide(std::vector<Image>{quadrants()}), quadrants());
  EXPECT_THROW(sideBySide({}), UsageError);
  EXPECT_THROW(sideBySide(std::vector<Image>{quadrants(), Image()}), UsageError);
}

TEST(Inset, IsACardInTheBottomRightCorner) {
  const Image before({400, 300}, kGrey);
  Image after = before;
  drawInset(after, Image({256, 256}, {0, 0, 0}));
  EXPECT_EQ(changedPixels(before, after, {0, 0, 300, 300}), 0);
  EXPECT_EQ(changedPixels(before, after, {0, 0, 400, 200}), 0);
  EXPECT_EQ(after.at(355, 255), (Rgb{0, 0, 0})) << "the ink";
  EXPECT_EQ(after.at(399, 299), kGrey) << "the margin";
}

TEST(Inset, WorksForAnyShape) {
  for (const Size photo : {Size{1, 1}, {5, 5}, {2000, 20}, {64, 48}}) {
    for (const Size sketch : {Size{1, 1}, {1, 500}, {500, 1}, {256, 256}}) {
      Image image(photo, kGrey);
      drawInset(image, Image(sketch, {0, 0, 0}));
      EXPECT_EQ(image.size(), photo);
    }
  }
}

}  // namespace
}  // namespace inkling
