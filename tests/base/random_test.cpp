#include "core/base/random.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/error.h"

namespace inkling {
namespace {

// The first numbers of the reference implementation's demo, pcg32_srandom(42, 54).
TEST(Random, IsPcg32) {
  Random random(42, 54);
  for (const std::uint32_t expected :
       {0xa15c02b7U, 0x7b47f409U, 0xba1d3330U, 0x83d2f293U, 0xbfa4784bU, 0xcbed606eU}) {
    EXPECT_EQ(random.next(), expected);
  }
}

TEST(Random, AStoredStateGoesOn) {
  Random random(7);
  random.next();
  Random other(1);
  other.setState(random.state());
  for (int i = 0; i < 10; ++i) EXPECT_EQ(random.next(), other.next());
  EXPECT_THROW(other.setState("nonsense"), UsageError);
}

TEST(Random, NormalNumbersHaveMeanZeroAndDeviationOne) {
  Random random(3);
  double sum = 0, squares = 0;
  for (int i = 0; i < 20000; ++i) {
    const double x = random.normal();
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / 20000, 0, 0.03);
  EXPECT_NEAR(squares / 20000, 1, 0.05);
}

TEST(Random, BelowReachesEveryValueAndNoOther) {
  Random random(3);
  std::vector<int> counts(7, 0);
  for (int i = 0; i < 7000; ++i) ++counts.at(random.below(7));
  EXPECT_GT(*std::min_element(counts.begin(), counts.end()), 850);
}

TEST(MixSeed, DependsOnEveryPart) {
  EXPECT_NE(mixSeed(1, 2, 3), mixSeed(1, 2, 4));
  EXPECT_NE(mixSeed(1, 2, 3), mixSeed(2, 1, 3));
}

}  // namespace
}  // namespace inkling
