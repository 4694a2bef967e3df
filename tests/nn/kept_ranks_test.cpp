#include "core/nn/attention/kept_ranks.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include "core/base/error.h"

namespace inkling {
namespace {

std::vector<std::int64_t> ranksBySorting(const Tensor& row) {
  const std::int64_t count = row.size(0);
  std::vector<std::int64_t> order(count), ranks(count);
  std::iota(order.begin(), order.end(), 0);
  const auto score = [&](std::int64_t i) { return row[i].item<double>(); };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::int64_t a, std::int64_t b) { return score(a) > score(b); });
  for (std::int64_t i = 0; i < count; ++i) ranks[order[i]] = i + 1;
  return ranks;
}

/// Ranks from `full` to `budget` are right, and the others on the right side of them.
void expectRanks(const Tensor& scores, double full, double budget) {
  const std::int64_t rows = scores.size(0), count = scores.size(1);
  const Tensor ranks =
      keptRanks(scores, at::full({rows}, budget, at::kDouble), at::full({rows}, full, at::kDouble));
  const auto first = static_cast<std::int64_t>(std::ceil(full)),
             last = static_cast<std::int64_t>(std::ceil(budget));
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto expected = ranksBySorting(scores[row]);
    for (std::int64_t i = 0; i < count; ++i) {
      const auto rank = ranks[row][i].item<double>();
      if (expected[i] < first) {
        EXPECT_LT(rank, first);
      } else if (expected[i] > last) {
        EXPECT_GT(rank, last);
      } else {
        EXPECT_EQ(rank, static_cast<double>(expected[i])) << "row " << row << ", entry " << i;
      }
    }
  }
}

TEST(KeptRanks, AreThoseOfASortedRow) {
  for (const std::int64_t count : {1, 2, 3, 17, 100, 500}) {
    const Tensor scores = at::randn({3, count});
    for (const double share : {0.0, 0.1, 0.5, 1.0}) {
      const double budget = std::max(1.0, share * static_cast<double>(count));
      expectRanks(scores, 1.0, budget);
      expectRanks(scores, std::max(1.0, budget / 2), budget);
      expectRanks(scores.to(at::kDouble), budget, budget);
    }
  }
}

TEST(KeptRanks, OfEqualEntriesTheFirstComesFirst) {
  expectRanks(at::zeros({1, 60}), 5, 20);
  expectRanks(at::randint(0, 3, {4, 60}).to(at::kFloat), 10, 30);
}

TEST(KeptRanks, OutliersAndInfinitiesAreRankedToo) {
  Tensor scores = at::randn({3, 80}) * 1e-20;
  scores[0][7] = 1e30;
  scores[1][7] = -1e30;
  scores[2][7] = -std::numeric_limits<float>::infinity();
  expectRanks(scores, 10, 40);
}

TEST(KeptRanks, EveryRowHasItsOwnBudget) {
  const Tensor scores = at::arange(10, 0, -1, at::kFloat).expand({3, 10});
  const Tensor ranks = keptRanks(scores, at::tensor({1.0F, 2.5F, 10.0F}), at::ones({3}));
  EXPECT_EQ(((ranks <= 10).sum(-1) >= at::tensor({1, 3, 10})).sum().item<std::int64_t>(), 3);
  EXPECT_EQ(ranks[1][2].item<float>(), 3.0F);
  EXPECT_EQ(ranks[2][9].item<float>(), 10.0F);
}

TEST(KeptRanks, NotANumberGivesNoRankAndNoCrash) {
  const Tensor scores = at::full({2, 40}, std::numeric_limits<float>::quiet_NaN());
  const Tensor ranks = keptRanks(scores, at::full({2}, 20.0), at::ones({2}));
  EXPECT_GT(ranks.min().item<float>(), 40.0F);
}

TEST(KeptRanks, OtherTypesAreRefused) {
  EXPECT_THROW(keptRanks(at::ones({1, 3}, at::kLong), at::ones({1}), at::ones({1})), UsageError);
}

}  // namespace
}  // namespace inkling
