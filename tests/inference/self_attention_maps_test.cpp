#include "core/inference/self_attention_maps.h"

#include <numeric>

#include <gtest/gtest.h>

#include "core/base/error.h"

namespace inkling {
namespace {

// A grid of 4 x 4 of which the photo covers the upper half; two heads, the first looks at the place
// itself, the second at the place to its left (the leftmost at themselves).
SelfAttentionMaps twoHeads() {
  SelfAttentionMaps maps;
  maps.gridWidth = maps.gridHeight = 4;
  maps.contentHeight = 0.5;
  SelfAttentionMaps::Layer layer;
  layer.heads = 2;
  layer.map.assign(2 * 16 * 16, 0);
  for (std::size_t place = 0; place < 16; ++place) {
    layer.map[place * 16 + place] = 1;
    layer.map[256 + place * 16 + (place % 4 == 0 ? place : place - 1)] = 1;
  }
  maps.layers.push_back(layer);
  return maps;
}

TEST(SelfAttentionMaps, ShowsWhereAPlaceLooked) {
  const SelfAttentionMaps maps = twoHeads();
  const HeatMap both = maps.lookedFrom(2, 1, 0, {});
  EXPECT_EQ(both.width, 4);
  EXPECT_EQ(both.height, 2) << "of the photo alone";
  EXPECT_FLOAT_EQ(both.values[4 + 2], 0.5F);
  EXPECT_FLOAT_EQ(both.values[4 + 1], 0.5F);
  EXPECT_FLOAT_EQ(std::accumulate(both.values.begin(), both.values.end(), 0.0F), 1);
  const HeatMap second = maps.lookedFrom(2, 1, 0, {HeadChoice::Kind::kOne, 1});
  EXPECT_FLOAT_EQ(second.values[4 + 1], 1);
  EXPECT_FLOAT_EQ(maps.lookedFrom(2, 1, 0, {HeadChoice::Kind::kMax, 0}).values[4 + 2], 1);
}

TEST(SelfAttentionMaps, ShowsHowMuchAPlaceWasLookedAt) {
  const HeatMap map = twoHeads().lookedAt(0, {HeadChoice::Kind::kOne, 1});
  EXPECT_FLOAT_EQ(map.values[0], 2.0F / 8) << "by itself and by its neighbour";
  EXPECT_FLOAT_EQ(map.values[1], 1.0F / 8);
  EXPECT_FLOAT_EQ(map.values[3], 0);
}

TEST(SelfAttentionMaps, PointsAreInSharesOfThePhoto) {
  SelfAttentionMaps maps = twoHeads();
  maps.layers[0].groups = 2;
  maps.layers[0].points = {0.25F, 0.25F, 0.5F, 0.75F};  // the second lies below the photo
  const OverlayMarks marks = maps.marks(0);
  ASSERT_EQ(marks.points.size(), 2U);
  EXPECT_EQ(marks.points[0], (OverlayMarks::Point{0.25, 0.5, 0}));
  EXPECT_EQ(marks.points[1], (OverlayMarks::Point{0.5, 1.5, 1}));
  Image photo(Size{100, 50}, {128, 128, 128});
  const Image before = photo;
  drawMarks(photo, marks);
  EXPECT_NE(photo.at(25, 25), before.at(25, 25)) << "a dot";
  EXPECT_EQ(photo.at(50, 49), before.at(50, 49)) << "what is outside is left out";
}

TEST(SelfAttentionMaps, RegionsAreThoseThatThePlacesRegionChose) {
  SelfAttentionMaps maps = twoHeads();
  maps.layers[0].regionRows = maps.layers[0].regionColumns = 2;
  maps.layers[0].regions = {0, 1, 1, 0, 2, 3, 3, 2};
  const OverlayMarks marks = maps.marksFrom(3, 0, 0);
  EXPECT_EQ(marks.place, (OverlayMarks::Point{0.875, 0.25, 0}));
  EXPECT_EQ(marks.regions, (std::vector<Box>{{0.5, 0, 0.5, 1}, {0, 0, 0.5, 1}}))
      << "best first; the lower half of the grid is no photo";
}

TEST(SelfAttentionMaps, RegionsAtTheEdgeOfTheGridAreSmaller) {
  SelfAttentionMaps maps;
  maps.gridWidth = 5;
  maps.gridHeight = 1;
  SelfAttentionMaps::Layer layer;
  layer.heads = 1;
  layer.map.assign(25, 0.2F);
  layer.regionRows = 1;
  layer.regionColumns = 3;
  layer.regions = {2, 2, 2};
  maps.layers.push_back(layer);
  const OverlayMarks marks = maps.marksFrom(0, 0, 0);
  ASSERT_EQ(marks.regions.size(), 1U);
  EXPECT_DOUBLE_EQ(marks.regions[0].x, 0.8);
  EXPECT_DOUBLE_EQ(marks.regions[0].width, 0.2);
}

TEST(SelfAttentionMaps, WhatIsNotThereIsRefused) {
  const SelfAttentionMaps maps = twoHeads();
  EXPECT_THROW(maps.lookedFrom(4, 0, 0, {}), UsageError);
  EXPECT_THROW(maps.lookedFrom(0, 2, 0, {}), UsageError) << "below the photo";
  EXPECT_THROW(maps.lookedAt(1, {}), UsageError);
  EXPECT_THROW(maps.lookedAt(0, {HeadChoice::Kind::kOne, 2}), UsageError);
  EXPECT_THROW(maps.marks(-1), UsageError);
}

}  // namespace
}  // namespace inkling
