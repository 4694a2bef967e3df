#include "core/evaluation/coco_metrics.h"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/random.h"

namespace inkling {
namespace {

CocoTruth truth(Box box, bool crowd = false) { return {box, box.area(), crowd}; }

CocoFigures figuresOf(const std::vector<CocoCell>& cells) {
  std::vector<CellMatches> matches;
  for (const CocoCell& cell : cells) matches.push_back(matchCell(cell));
  return cocoFigures({&matches, 1});
}

// Three photos of boxes of all sizes, with detections that are moved or wrong.
std::vector<CocoCell> randomCells(Random& random, int photos) {
  std::vector<CocoCell> cells;
  for (int i = 0; i < photos; ++i) {
    CocoCell& cell = cells.emplace_back();
    for (std::uint32_t k = random.below(6); k > 0; --k) {
      const double side = random.uniform(8, 200);
      const Box box{random.uniform(0, 300), random.uniform(0, 300), side,
                    side * random.uniform(.5, 2)};
      cell.truths.push_back(truth(box, random.chance(0.1)));
      if (random.chance(0.3)) continue;
      const double shift = side * random.uniform(0, .3);
      cell.detections.push_back({{box.x + shift, box.y, box.width, box.height}, random.uniform()});
    }
    for (std::uint32_t k = random.below(8); k > 0; --k) {
      cell.detections.push_back(
          {{random.uniform(0, 300), random.uniform(0, 300), random.uniform(8, 90), 40},
           random.uniform()});
    }
  }
  return cells;
}

TEST(CocoMetrics, PerfectDetectionsGiveOne) {
  const std::vector<CocoCell> cells = {{{truth({0, 0, 10, 10}), truth({50, 50, 60, 60})},
                                        {{{0, 0, 10, 10}, .3}, {{50, 50, 60, 60}, .9}}},
                                       {{truth({5, 5, 200, 200})}, {{{5, 5, 200, 200}, .1}}}};
  const CocoFigures f = figuresOf(cells);
  for (const double value :
       {f.ap, f.ap50, f.ap75, f.apSmall, f.apMedium, f.apLarge, f.ar10, f.ar100}) {
    EXPECT_NEAR(value, 1, 1e-12);
  }
  EXPECT_NEAR(f.ar1, 2.0 / 3, 1e-12);
}

TEST(CocoMetrics, NothingToFindIsMinusOne) {
  const CocoFigures none = figuresOf({{{}, {{{0, 0, 9, 9}, 1}}}});
  EXPECT_EQ(none.ap, -1);
  EXPECT_EQ(none.ar100, -1);
  const CocoFigures large = figuresOf({{{truth({0, 0, 100, 100})}, {}}});
  EXPECT_EQ(large.ap, 0);
  EXPECT_EQ(large.apLarge, 0);
  EXPECT_EQ(large.apSmall, -1);
}

TEST(CocoMetrics, AWrongDetectionBeforeTheRightOneHalvesThePrecision) {
  const CocoFigures f =
      figuresOf({{{truth({0, 0, 50, 50})}, {{{200, 200, 50, 50}, .9}, {{0, 0, 50, 50}, .8}}}});
  EXPECT_NEAR(f.ap50, 0.5, 1e-12);
  EXPECT_NEAR(f.ar1, 0, 1e-12);
  EXPECT_NEAR(f.ar10, 1, 1e-12);
}

TEST(CocoMetrics, TheSecondDetectionOfABoxIsWrong) {
  const CocoCell cell{{truth({0, 0, 50, 50}), truth({100, 0, 50, 50})},
                      {{{0, 0, 50, 50}, .9}, {{1, 0, 50, 50}, .8}, {{100, 0, 50, 50}, .7}}};
  // Recall 0.5 with precision 1, then recall 1 with precision 2/3: 51 points of 1 and 50 of 2/3.
  EXPECT_NEAR(figuresOf({cell}).ap50, (51 + 50 * 2.0 / 3) / 101, 1e-12);
}

TEST(CocoMetrics, ThresholdsCutWhereTheyShould) {
  // IoU of a 100-wide box moved by d: (100 - d) / (100 + d). d = 20 gives 0.667, right at .5, .55,
  // .6, .65.
  const CocoFigures f = figuresOf({{{truth({0, 0, 100, 100})}, {{{20, 0, 100, 100}, 1}}}});
  EXPECT_NEAR(f.ap, 0.4, 1e-12);
  EXPECT_NEAR(f.ap50, 1, 1e-12);
  EXPECT_EQ(f.ap75, 0);
}

TEST(CocoMetrics, DetectionsInACrowdDoNotCount) {
  const CocoCell cell{{truth({0, 0, 300, 300}, true), truth({400, 0, 50, 50})},
                      {{{10, 10, 40, 40}, .9}, {{60, 60, 40, 40}, .8}, {{400, 0, 50, 50}, .7}}};
  EXPECT_NEAR(figuresOf({cell}).ap50, 1, 1e-12);
  CocoCell plain = cell;
  plain.truths[0].crowd = false;
  EXPECT_LT(figuresOf({plain}).ap50, 0.3);
}

TEST(CocoMetrics, WrongDetectionsOfAnotherSizeDoNotCount) {
  const CocoFigures f =
      figuresOf({{{truth({0, 0, 20, 20})}, {{{200, 200, 150, 150}, .9}, {{0, 0, 20, 20}, .5}}}});
  EXPECT_NEAR(f.apSmall, 1, 1e-12);
  EXPECT_NEAR(f.ap50, 0.5, 1e-12);
}

TEST(CocoMetrics, OnlyTheBestHundredCount) {
  CocoCell cell{{truth({0, 0, 50, 50})}, {{{0, 0, 50, 50}, 0.1}}};
  for (int i = 0; i < 100; ++i) cell.detections.push_back({{300, 300, 50, 50}, 0.9});
  EXPECT_EQ(figuresOf({cell}).ar100, 0);
  cell.detections.pop_back();
  EXPECT_EQ(figuresOf({cell}).ar100, 1);
}

TEST(CocoMetrics, AHigherScoreForARightBoxNeverHurts) {
  Random random(17);
  for (int round = 0; round < 40; ++round) {
    std::vector<CocoCell> cells = {{{truth({0, 0, 50, 50})}, {{{0, 0, 50, 50}, 0}}}};
    for (int i = 0; i < 20; ++i)
      cells[0].detections.push_back({{300, 0, 50, 50}, random.uniform()});
    double before = -1;
    for (const double score : {0.0, 0.3, 0.6, 1.0}) {
      cells[0].detections[0].score = score;
      const double ap = figuresOf(cells).ap;
      EXPECT_GE(ap, before);
      before = ap;
    }
  }
}

TEST(CocoMetrics, TheOrderOfPhotosDoesNotMatter) {
  Random random(23);
  for (int round = 0; round < 20; ++round) {
    std::vector<CocoCell> cells = randomCells(random, 8);
    const CocoFigures before = figuresOf(cells);
    random.shuffle(cells);
    for (CocoCell& cell : cells) random.shuffle(cell.detections);
    const CocoFigures after = figuresOf(cells);
    EXPECT_NEAR(before.ap, after.ap, 1e-12);
    EXPECT_NEAR(before.apSmall, after.apSmall, 1e-12);
    EXPECT_NEAR(before.ar10, after.ar10, 1e-12);
  }
}

TEST(CocoMetrics, WeightsAreRepetitions) {
  Random random(29);
  for (int round = 0; round < 20; ++round) {
    const std::vector<CocoCell> cells = randomCells(random, 8);
    std::vector<CellMatches> once, repeated;
    std::vector<std::uint32_t> weights;
    for (const CocoCell& cell : cells) {
      once.push_back(matchCell(cell));
      weights.push_back(random.below(4));
      repeated.insert(repeated.end(), weights.back(), once.back());
    }
    for (const CocoSize size : {kAllSizes, kMedium}) {
      const auto weighted = CocoAccumulator(once).averagePrecisions(size, weights);
      const auto expected = CocoAccumulator(repeated).averagePrecisions(size);
      for (std::size_t t = 0; t < kCocoThresholds; ++t)
        EXPECT_NEAR(weighted[t], expected[t], 1e-12);
    }
  }
}

TEST(CocoMetrics, CategoriesAreAveragedAndEmptyOnesLeftOut) {
  const CellMatches right = matchCell({{truth({0, 0, 50, 50})}, {{{0, 0, 50, 50}, 1}}});
  const CellMatches wrong = matchCell({{truth({0, 0, 50, 50})}, {}});
  const CellMatches empty = matchCell({{}, {{{0, 0, 50, 50}, 1}}});
  const std::vector<std::vector<CellMatches>> categories = {{right}, {wrong}, {empty}, {}};
  EXPECT_NEAR(cocoFigures(categories).ap, 0.5, 1e-12);
}

TEST(CocoMetrics, AScoreThatIsNotANumberIsRefused) {
  EXPECT_THROW(matchCell({{}, {{{0, 0, 1, 1}, std::nan("")}}}), UsageError);
}

}  // namespace
}  // namespace inkling
