#include "core/inference/attention_cost.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/nn/attention/attention.h"

namespace inkling {
namespace {

TEST(AttentionCost, GridsAreAsSquareAsCanBe) {
  const auto grid = [](std::int64_t tokens) {
    const TokenGrid made = gridOf(tokens);
    return std::pair(made.height, made.width);
  };
  EXPECT_EQ(grid(1024), std::pair(std::int64_t{32}, std::int64_t{32}));
  EXPECT_EQ(grid(12), std::pair(std::int64_t{3}, std::int64_t{4}));
  EXPECT_EQ(grid(13), std::pair(std::int64_t{1}, std::int64_t{13}));
  EXPECT_EQ(grid(1), std::pair(std::int64_t{1}, std::int64_t{1}));
  EXPECT_THROW(gridOf(0), UsageError);
}

TEST(AttentionCost, TheExponentIsThatOfThePowerLaw) {
  std::vector<CostRun> runs;
  for (const std::int64_t tokens : {100, 400, 2500})
    runs.push_back({tokens, 3 * std::pow(static_cast<double>(tokens), 4.0 / 3), 0, 0});
  EXPECT_NEAR(fittedExponent(runs), 4.0 / 3, 1e-9);
  runs.resize(1);
  EXPECT_TRUE(std::isnan(fittedExponent(runs)));
  runs.push_back(runs.front());
  EXPECT_TRUE(std::isnan(fittedExponent(runs))) << "twice the same size";
}

TEST(AttentionCost, MeasuresAllMechanismsAtAllSizes) {
  CostSettings settings;
  settings.dim = 16;
  settings.heads = 2;
  settings.tokens = {16, 60};
  settings.seconds = 0;
  int steps = 0;
  const auto costs = measureAttention(attentionMechanisms(), settings, {},
                                      [&](const ProgressUpdate&) { ++steps; });
  ASSERT_EQ(costs.size(), attentionMechanisms().size());
  EXPECT_EQ(steps, 2 * std::ssize(costs));
  for (const MechanismCost& cost : costs) {
    ASSERT_EQ(cost.runs.size(), 2U) << cost.mechanism;
    EXPECT_EQ(cost.runs[1].tokens, 60);
    for (const CostRun& run : cost.runs) {
      EXPECT_GT(run.milliseconds, 0);
      EXPECT_GT(run.gmacs, 0);
      EXPECT_GE(run.megabytes, 2 * 16e-6 * 4 * static_cast<double>(run.tokens))
          << "tokens in and out";
    }
    EXPECT_GT(cost.runs[1].gmacs, cost.runs[0].gmacs) << cost.mechanism;
  }
}

TEST(AttentionCost, WhatCannotBeMeasuredIsRefused) {
  CostSettings settings;
  settings.tokens = {16};
  EXPECT_THROW(measureAttention({"telepathy"}, settings), UsageError);
  settings.heads = 3;
  EXPECT_THROW(measureAttention({"additive"}, settings), UsageError);
  const CancellationToken token;
  token.cancel();
  settings.heads = 4;
  EXPECT_THROW(measureAttention({"additive"}, settings, token), Cancelled);
}

}  // namespace
}  // namespace inkling
