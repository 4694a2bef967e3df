#include "core/evaluation/ranking.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/random.h"

namespace inkling {
namespace {

using Scores = std::vector<double>;

TEST(AreaUnderRoc, CountsPairsInTheRightOrder) {
  EXPECT_DOUBLE_EQ(areaUnderRoc(Scores{3, 4}, Scores{1, 2}), 1);
  EXPECT_DOUBLE_EQ(areaUnderRoc(Scores{1, 2}, Scores{3, 4}), 0);
  EXPECT_DOUBLE_EQ(areaUnderRoc(Scores{1, 3}, Scores{2}), 0.5);
  EXPECT_DOUBLE_EQ(areaUnderRoc(Scores{1, 3, 5, 7}, Scores{2, 4}), 5.0 / 8);
}

TEST(AreaUnderRoc, TiesCountHalf) {
  EXPECT_DOUBLE_EQ(areaUnderRoc(Scores{2}, Scores{2}), 0.5);
  EXPECT_DOUBLE_EQ(areaUnderRoc(Scores{2, 3}, Scores{2, 2, 1}), (1 + 1 + 3) / 6.0);
}

TEST(AreaUnderRoc, MinusInfinityIsTheLowestScore) {
  const double none = -std::numeric_limits<double>::infinity();
  EXPECT_DOUBLE_EQ(areaUnderRoc(Scores{none}, Scores{none, -100}), 0.25);
}

TEST(AreaUnderRoc, NothingToCompareIsNotANumber) {
  EXPECT_TRUE(std::isnan(areaUnderRoc(Scores{}, Scores{1})));
  EXPECT_TRUE(std::isnan(areaUnderRoc(Scores{1}, Scores{})));
}

TEST(AveragePrecision, IsTheMeanPrecisionAtHits) {
  EXPECT_DOUBLE_EQ(averagePrecision({true, true}), 1);
  EXPECT_DOUBLE_EQ(averagePrecision({true, false, true}), (1 + 2.0 / 3) / 2);
  EXPECT_DOUBLE_EQ(averagePrecision({false, false, false, true}), 0.25);
  EXPECT_TRUE(std::isnan(averagePrecision({false})));
  EXPECT_TRUE(std::isnan(averagePrecision({})));
}

TEST(PrecisionAt, LooksAtTheFirstEntries) {
  EXPECT_DOUBLE_EQ(precisionAt({true, false, true}, 2), 0.5);
  EXPECT_DOUBLE_EQ(precisionAt({true, false, true}, 10), 2.0 / 3);
  EXPECT_TRUE(std::isnan(precisionAt({}, 3)));
}

TEST(Calibration, PerfectScoresHaveNoError) {
  EXPECT_DOUBLE_EQ(expectedCalibrationError(Scores{0, 1, 1}, {false, true, true}).error, 0);
}

TEST(Calibration, IsTheWeightedGapOfTheBins) {
  const auto result =
      expectedCalibrationError(Scores{0.1, 0.3, 0.9, 1.0}, {false, true, true, false}, 2);
  ASSERT_EQ(result.bins.size(), 2u);
  EXPECT_EQ(result.bins[0].count, 2u);
  EXPECT_DOUBLE_EQ(result.bins[0].meanScore, 0.2);
  EXPECT_DOUBLE_EQ(result.bins[0].hitRate, 0.5);
  EXPECT_DOUBLE_EQ(result.bins[1].meanScore, 0.95);
  EXPECT_NEAR(result.error, (0.3 + 0.45) / 2, 1e-12);
}

TEST(Calibration, ScoresThatComeTrueAsOftenAsTheySayHaveLittleError) {
  Random random(31);
  Scores scores;
  std::vector<bool> hits;
  for (int i = 0; i < 20000; ++i) {
    scores.push_back(random.uniform());
    hits.push_back(random.chance(scores.back()));
  }
  EXPECT_LT(expectedCalibrationError(scores, hits).error, 0.02);
}

TEST(Calibration, EvenlyTheRareOutcomeCountsAsMuchAsTheOther) {
  const Scores scores{0.9, 0.2, 0.2, 0.2};
  const std::vector<bool> hits{true, false, false, false};
  EXPECT_NEAR(expectedCalibrationError(scores, hits, 2).error, 0.1 / 4 + 3 * 0.2 / 4, 1e-12);
  EXPECT_NEAR(expectedCalibrationError(scores, hits, 2, true).error, 0.1 / 2 + 0.2 / 2, 1e-12);
}

TEST(Calibration, RefusesNonsense) {
  EXPECT_THROW(expectedCalibrationError(Scores{0.5}, {}), UsageError);
  EXPECT_THROW(expectedCalibrationError(Scores{1.5}, {true}), UsageError);
  EXPECT_THROW(expectedCalibrationError(Scores{std::nan("")}, {true}), UsageError);
  EXPECT_THROW(expectedCalibrationError(Scores{0.5}, {true}, 0), UsageError);
  EXPECT_TRUE(std::isnan(expectedCalibrationError(Scores{}, {}).error));
}

}  // namespace
}  // namespace inkling
