#include "core/geometry/nms.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/random.h"

namespace inkling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(NonMaximumSuppression, KeepsTheBestOfEachCluster) {
  const std::vector<Box> boxes = {
      {0, 0, 10, 10}, {1, 0, 10, 10}, {50, 50, 10, 10}, {51, 50, 10, 10}};
  EXPECT_THAT(nonMaximumSuppression(boxes, std::vector{0.5F, 0.9F, 0.3F, 0.2F}, 0.5),
              ElementsAre(1, 2));
}

TEST(NonMaximumSuppression, EqualScoresAreTakenInTheOrderOfTheirIndices) {
  const std::vector<Box> boxes(5, Box{0, 0, 10, 10});
  const std::vector<float> scores(5, 0.5F);
  EXPECT_THAT(nonMaximumSuppression(boxes, scores, 0.5), ElementsAre(0));
  EXPECT_THAT(nonMaximumSuppression(boxes, scores, 1.0), ElementsAre(0, 1, 2, 3, 4))
      << "nothing is over an IoU of 1";
}

TEST(NonMaximumSuppression, StopsAtTheLimit) {
  const std::vector<Box> boxes = {{0, 0, 1, 1}, {10, 0, 1, 1}, {20, 0, 1, 1}};
  const std::vector<float> scores = {0.1F, 0.3F, 0.2F};
  EXPECT_THAT(nonMaximumSuppression(boxes, scores, 0.5, 2), ElementsAre(1, 2));
  EXPECT_THAT(nonMaximumSuppression(boxes, scores, 0.5, 0), IsEmpty());
}

TEST(NonMaximumSuppression, NanScoresAreNeverTaken) {
  const std::vector<Box> boxes = {{0, 0, 1, 1}, {10, 0, 1, 1}};
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(nonMaximumSuppression(boxes, std::vector{nan, 0.2F}, 0.5), ElementsAre(1));
}

TEST(NonMaximumSuppression, LengthsMustAgree) {
  EXPECT_THAT(nonMaximumSuppression({}, {}, 0.5), IsEmpty());
  EXPECT_THROW(nonMaximumSuppression(std::vector<Box>(2), std::vector{1.0F}, 0.5), UsageError);
}

TEST(NonMaximumSuppression, WhatIsKeptIsApartAndWhatIsDroppedIsCovered) {
  Random random(3);
  for (int round = 0; round < 20; ++round) {
    std::vector<Box> boxes;
    std::vector<float> scores;
    for (int i = 0; i < 120; ++i) {
      boxes.push_back({random.uniform(0, 60), random.uniform(0, 60), random.uniform(5, 30),
                       random.uniform(5, 30)});
      scores.push_back(static_cast<float>(random.below(10)) / 10.0F);
    }
    const auto kept = nonMaximumSuppression(boxes, scores, 0.4);
    std::vector<bool> isKept(boxes.size());
    for (std::size_t i = 0; i < kept.size(); ++i) {
      isKept[kept[i]] = true;
      for (std::size_t j = 0; j < i; ++j) {
        EXPECT_LE(iou(boxes[kept[i]], boxes[kept[j]]), 0.4);
        EXPECT_GE(scores[kept[j]], scores[kept[i]]);
      }
    }
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      if (isKept[i]) continue;
      EXPECT_TRUE(std::any_of(kept.begin(), kept.end(), [&](std::size_t k) {
        return scores[k] >= scores[i] && iou(boxes[k], boxes[i]) > 0.4;
      }));
    }
  }
}

}  // namespace
}  // namespace inkling
