// Strokes and places on maps made by hand: a photo of 4 x 2 places (6 x 4 with padding), two
// sketches of 4 x 4 cells.
#include "core/inference/stroke_attention.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <numeric>

#include <gtest/gtest.h>

#include "core/base/error.h"

namespace inkling {
namespace {

constexpr int kSide = 4, kCells = kSide * kSide;

// Every value different, so that a wrong index is seen.
std::shared_ptr<AttentionMaps> maps(int width = 6, int height = 4, int sketches = 2) {
  auto result = std::make_shared<AttentionMaps>();
  result->layers = 2;
  result->heads = 3;
  result->gridWidth = width;
  result->gridHeight = height;
  result->contentWidth = 4.0 / 6;
  result->contentHeight = 0.5;
  result->sketches = sketches;
  result->sketchSide = kSide;
  result->keys = 1 + sketches * (1 + kCells);
  const int count = 2 * 3 * width * height * result->keys;
  for (int i = 0; i < count; ++i)
    result->toSketch.push_back(static_cast<float>((i * 7919) % 1000) / 1000.0F);
  return result;
}

Stroke line(float x0, float y0, float x1, float y1, bool eraser = false) {
  return {{x0, x1}, {y0, y1}, {}, {}, eraser};
}

// A line at the left and one at the right; an eraser over nothing.
Sketch drawing() {
  Sketch sketch;
  sketch.width = sketch.height = 1000;
  sketch.strokes = {line(100, 100, 100, 900), line(900, 100, 900, 900),
                    line(500, 100, 500, 200, true)};
  return sketch;
}

Sketch picture() {
  Sketch sketch;
  sketch.raster = {2, 2, {0, 255, 255, 0}};
  return sketch;
}

const HeadChoice kMean{}, kMax{HeadChoice::Kind::kMax, 0}, kSecond{HeadChoice::Kind::kOne, 1};

TEST(StrokeAttention, AStrokesShareOfTheCellsSumsToOne) {
  const std::vector<float> left = strokeShare(drawing(), 0, kSide);
  EXPECT_NEAR(std::accumulate(left.begin(), left.end(), 0.0), 1, 1e-5);
  for (int row = 0; row < kSide; ++row) {
    EXPECT_GT(left[static_cast<std::size_t>(row * kSide)], 0.1) << "row " << row;
    EXPECT_EQ(left[static_cast<std::size_t>(row * kSide + 3)], 0) << "row " << row;
  }
  const std::vector<float> eraser = strokeShare(drawing(), 2, kSide);
  EXPECT_EQ(eraser, std::vector<float>(kCells, 0.0F));
}

TEST(StrokeAttention, MapsAreThoseOfAttentionMaps) {
  const auto all = maps();
  const StrokeAttention speaks(all, {drawing(), drawing()});
  for (const HeadChoice& heads : {kMean, kMax, kSecond}) {
    for (const std::size_t stroke : {0, 1, 2}) {
      const HeatMap map = speaks.map(1, stroke, 1, heads);
      EXPECT_EQ(map.values, all->strokeMap(drawing(), 1, stroke, 1, heads).values);
      EXPECT_EQ(map.width, 4);
      EXPECT_EQ(map.height, 2);
    }
  }
}

TEST(StrokeAttention, APlaceSaysWhatTheMapsOfAllStrokesSayThere) {
  const StrokeAttention speaks(maps(), {drawing(), drawing()});
  for (const HeadChoice& heads : {kMean, kMax, kSecond}) {
    const auto shares = speaks.strokesAt(0.6, 0.9, 0, heads);  // column 2, row 1
    ASSERT_EQ(shares.size(), 2U);
    for (const std::size_t sketch : {0, 1}) {
      ASSERT_EQ(shares[sketch].size(), 3U);
      for (const std::size_t stroke : {0, 1, 2}) {
        const HeatMap map = speaks.map(sketch, stroke, 0, heads);
        EXPECT_NEAR(shares[sketch][stroke], map.values[1 * 4 + 2], 1e-6);
      }
      EXPECT_GT(shares[sketch][0], 0);
      EXPECT_EQ(shares[sketch][2], 0) << "an eraser draws nothing";
    }
  }
}

TEST(StrokeAttention, PlacesBeyondThePhotoCountAsItsRim) {
  const StrokeAttention speaks(maps(), {drawing(), drawing()});
  EXPECT_EQ(speaks.strokesAt(1, 1, 0, kMean), speaks.strokesAt(7, 7, 0, kMean));
  EXPECT_EQ(speaks.strokesAt(0, 0, 0, kMean), speaks.strokesAt(-1, NAN, 0, kMean));
}

TEST(StrokeAttention, APictureHasNoStrokes) {
  const StrokeAttention speaks(maps(), {picture(), drawing()});
  const auto shares = speaks.strokesAt(0.5, 0.5, 0, kMean);
  EXPECT_TRUE(shares[0].empty());
  EXPECT_EQ(shares[1].size(), 3U);
  EXPECT_THROW(speaks.map(0, 0, 0, kMean), UsageError);
}

TEST(StrokeAttention, WhatIsNotThereIsRefused) {
  EXPECT_THROW(StrokeAttention(nullptr, {}), UsageError);
  EXPECT_THROW(StrokeAttention(maps(), {drawing()}), UsageError);
  const StrokeAttention speaks(maps(), {drawing(), drawing()});
  EXPECT_THROW(speaks.map(2, 0, 0, kMean), UsageError);
  EXPECT_THROW(speaks.map(0, 3, 0, kMean), UsageError);
  EXPECT_THROW(speaks.map(0, 0, 2, kMean), UsageError);
  EXPECT_THROW(speaks.strokesAt(0, 0, -1, kMean), UsageError);
  EXPECT_THROW(speaks.strokesAt(0, 0, 0, {HeadChoice::Kind::kOne, 3}), UsageError);
  auto few = maps();
  few->keys = 5;
  EXPECT_THROW(StrokeAttention(few, {drawing(), drawing()}).map(0, 0, 0, kMean), UsageError);
}

TEST(StrokeAttention, IsFastEnoughForAMovingPointer) {
  Sketch busy = drawing();
  for (int i = 0; i < 60; ++i)
    busy.strokes.push_back(line(static_cast<float>(i * 16), 50, 500, static_cast<float>(i * 15)));
  auto large = maps(40, 40, 6);
  large->contentWidth = large->contentHeight = 1;
  const StrokeAttention speaks(large, std::vector<Sketch>(6, busy));
  const auto milliseconds = [](auto&& work) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 20; ++i) work();
    const std::chrono::duration<double, std::milli> taken =
        std::chrono::steady_clock::now() - start;
    return taken.count() / 20;
  };
  const double place = milliseconds([&] { speaks.strokesAt(0.3, 0.7, 1, kMean); });
  const double map = milliseconds([&] { speaks.map(3, 20, 1, kMean); });
  RecordProperty("place_ms", std::to_string(place));
  RecordProperty("map_ms", std::to_string(map));
  EXPECT_LT(place, 5);
  EXPECT_LT(map, 50) << "generous: machines are noisy";
  std::printf("a place: %.3f ms, a map: %.3f ms\n", place, map);
}

}  // namespace
}  // namespace inkling
