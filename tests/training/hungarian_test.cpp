#include "core/training/hungarian.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/random.h"

namespace inkling {
namespace {

double costOf(const std::vector<double>& cost, std::size_t columns,
              const std::vector<std::size_t>& rows) {
  double sum = 0;
  for (std::size_t c = 0; c < columns; ++c) sum += cost[rows[c] * columns + c];
  return sum;
}

// The least cost over all ways to give each column a row of its own.
double bestByTrying(const std::vector<double>& cost, std::size_t rows, std::size_t columns) {
  std::vector<std::size_t> order(rows);
  std::iota(order.begin(), order.end(), 0);
  double best = std::numeric_limits<double>::infinity();
  do {
    best = std::min(best, costOf(cost, columns, order));
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

TEST(Hungarian, FindsTheLeastCostOfSmallRandomProblems) {
  Random random(4);
  for (int round = 0; round < 200; ++round) {
    const std::size_t rows = 1 + random.below(6),
                      columns = 1 + random.below(static_cast<std::uint32_t>(rows));
    std::vector<double> cost(rows * columns);
    for (double& value : cost) value = random.uniform(-5, 5);
    const auto assigned = assignColumns(cost, rows, columns);
    EXPECT_EQ(std::set<std::size_t>(assigned.begin(), assigned.end()).size(), columns);
    EXPECT_NEAR(costOf(cost, columns, assigned), bestByTrying(cost, rows, columns), 1e-9);
  }
}

TEST(Hungarian, EqualCostsAreNoProblem) {
  const std::vector<double> cost(20, 1.0);
  const auto assigned = assignColumns(cost, 5, 4);
  EXPECT_EQ(std::set<std::size_t>(assigned.begin(), assigned.end()).size(), 4U);
}

TEST(Hungarian, RefusesWhatCannotBeAssigned) {
  EXPECT_THROW(assignColumns(std::vector<double>(6), 2, 3), UsageError);
  EXPECT_THROW(
      assignColumns(std::vector<double>{1, std::numeric_limits<double>::quiet_NaN()}, 2, 1),
      UsageError);
  EXPECT_TRUE(assignColumns({}, 3, 0).empty());
}

}  // namespace
}  // namespace inkling
