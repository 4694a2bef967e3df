#include "core/evaluation/bootstrap.h"

#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/evaluation/ranking.h"

namespace inkling {
namespace {

TEST(Bootstrap, DrawsAsManyAsThereAre) {
  const auto samples = bootstrapCounts(50, 200, 3);
  ASSERT_EQ(samples.size(), 200u);
  double first = 0;
  for (const auto& counts : samples) {
    EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), 0u), 50u);
    first += counts[0];
  }
  EXPECT_NEAR(first / 200, 1, 0.25);
  EXPECT_EQ(samples, bootstrapCounts(50, 200, 3));
  EXPECT_NE(samples, bootstrapCounts(50, 200, 4));
  EXPECT_THAT(bootstrapCounts(0, 2, 1), testing::Each(testing::IsEmpty()));
}

TEST(Quantile, IsLinearBetweenNeighbours) {
  EXPECT_DOUBLE_EQ(*quantileOf({4, 1, 3, 2}, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(*quantileOf({4, 1, 3, 2}, 0), 1);
  EXPECT_DOUBLE_EQ(*quantileOf({4, 1, 3, 2}, 1), 4);
  EXPECT_DOUBLE_EQ(*quantileOf({7}, 0.3), 7);
  EXPECT_FALSE(quantileOf({}, 0.5).has_value());
}

TEST(WeightedRoc, AgreesWithRepeatingTheScores) {
  Random random(11);
  for (int round = 0; round < 30; ++round) {
    std::vector<double> scores, positives, negatives;
    std::vector<bool> isPositive;
    std::vector<std::uint32_t> weights;
    for (int i = 0; i < 40; ++i) {
      scores.push_back(random.below(10));
      isPositive.push_back(random.chance(0.5));
      weights.push_back(random.below(4));
      auto& list = isPositive.back() ? positives : negatives;
      list.insert(list.end(), weights.back(), scores.back());
    }
    EXPECT_NEAR(*WeightedRoc(scores, isPositive).area(weights), areaUnderRoc(positives, negatives),
                1e-12);
  }
}

TEST(WeightedRoc, NothingToCompareIsNothing) {
  const WeightedRoc roc({1, 2}, {true, false});
  EXPECT_DOUBLE_EQ(*roc.area({}), 0);
  EXPECT_FALSE(roc.area(std::vector<std::uint32_t>{1, 0}).has_value());
}

}  // namespace
}  // namespace inkling
