#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/kernels/deformable_sampling.h"
#include "tests/kernels/all_instructions.h"
#include "tests/kernels/sampling_gradients.h"

namespace inkling::kernels {
namespace {

class SamplingBackward : public testing::TestWithParam<Instructions> {
 protected:
  void SetUp() override {
    if (!supported(GetParam())) GTEST_SKIP() << "this processor does not have these instructions";
  }
  void run(SamplingSample& sample, SamplingGradients& to) {
    const DeformableSampling job = sample.job();
    deformableSamplingBackward(job, to.pointers(job), 0, DeformableSamplingGradients::items(job),
                               GetParam());
  }
};

TEST_P(SamplingBackward, LocationAndWeightAgreeWithDifferences) {
  for (SamplingSample sample : samplingSamples()) {
    SamplingGradients to(sample);
    run(sample, to);
    const DeformableSampling job = sample.job();
    const SamplingLoss loss(job, to.given);
    constexpr double kStep = 1e-6;  // seldom over a kink: then both slopes would be mixed
    for (std::size_t p = 0; p < to.weight.size(); ++p) {
      const auto number = static_cast<std::int64_t>(p);
      const double x = sample.location[2 * p], y = sample.location[2 * p + 1];
      const double byX = loss.at(number, x + kStep, y) - loss.at(number, x - kStep, y),
                   byY = loss.at(number, x, y + kStep) - loss.at(number, x, y - kStep),
                   scale = sample.weight[p] / (2 * kStep);
      ASSERT_NEAR(to.weight[p], loss.at(number, x, y), 1e-4) << sample.name << ", sample " << p;
      ASSERT_NEAR(to.location[2 * p], byX * scale, 1e-3) << sample.name << ", sample " << p;
      ASSERT_NEAR(to.location[2 * p + 1], byY * scale, 1e-3) << sample.name << ", sample " << p;
    }
  }
}

TEST_P(SamplingBackward, ValuesGetTheirShares) {
  for (SamplingSample sample : samplingSamples()) {
    SamplingGradients to(sample);
    run(sample, to);
    const DeformableSampling job = sample.job();
    std::vector<double> wanted(to.value.size());
    for (std::size_t p = 0; p < sample.weight.size(); ++p) {
      SamplingLoss(job, to.given)
          .visit(static_cast<std::int64_t>(p), sample.location[2 * p], sample.location[2 * p + 1],
                 [&](std::int64_t i, double share, double given) {
                   wanted[static_cast<std::size_t>(i)] += share * given * sample.weight[p];
                 });
    }
    for (std::size_t i = 0; i < wanted.size(); ++i)
      ASSERT_NEAR(to.value[i], wanted[i], 2e-5) << sample.name << ", number " << i;
  }
}

TEST_P(SamplingBackward, IsTheTransposeOfForward) {
  // The output is linear in the values, and in the weights.
  for (SamplingSample sample : samplingSamples()) {
    SamplingGradients to(sample);
    run(sample, to);
    deformableSampling(sample.job(), 0, sample.job().items(), GetParam());
    const auto product = [](const std::vector<float>& a, const std::vector<float>& b) {
      double sum = 0;
      for (std::size_t i = 0; i < a.size(); ++i) sum += double{a[i]} * b[i];
      return sum;
    };
    const double loss = product(to.given, sample.output);
    EXPECT_NEAR(product(to.value, sample.value), loss, 1e-3) << sample.name;
    EXPECT_NEAR(product(to.weight, sample.weight), loss, 1e-3) << sample.name;
  }
}

// One row of four tokens, one number each: 2, 3, 5, 11. What PyTorch's grid_sampler gives for the
// same places.
TEST_P(SamplingBackward, AtAKinkItIsTheSlopeTowardsLargerNumbers) {
  const float nan = std::numeric_limits<float>::quiet_NaN(),
              inf = std::numeric_limits<float>::infinity();
  const std::vector<std::pair<float, float>> slopes = {
      {-0.126F, 0},    {-0.125F, 2 * 4},  {0.125F, 1 * 4}, {0.375F, 2 * 4},
      {0.625F, 6 * 4}, {0.875F, -11 * 4}, {1.125F, 0},     {3, 0},
      {nan, 0},        {inf, 0},          {-inf, 0}};
  for (const auto& [where, slope] : slopes) {
    SamplingSample sample("row", {{1, 4}}, 1, 1, 1, 1, 1);
    sample.value = {2, 3, 5, 11};
    sample.location = {where, 0.5F};
    sample.weight = {1};
    SamplingGradients to(sample);
    to.given = {1};
    run(sample, to);
    EXPECT_EQ(to.location[0], slope) << where;
    // Turned round, the same along y.
    SamplingSample turned("column", {{4, 1}}, 1, 1, 1, 1, 1);
    turned.value = sample.value;
    turned.location = {0.5F, where};
    turned.weight = {1};
    run(turned, to);
    EXPECT_EQ(to.location[1], slope) << where;
  }
}

TEST_P(SamplingBackward, PointsFarAwayOrNowhereGiveZeros) {
  for (const float where : {-5.0F, 7.0F, 1e30F, std::numeric_limits<float>::quiet_NaN()}) {
    SamplingSample sample("far", {{4, 4}}, 1, 2, 1, 8, 2);
    std::fill(sample.location.begin(), sample.location.end(), where);
    SamplingGradients to(sample);
    run(sample, to);
    for (const auto* all : {&to.value, &to.location, &to.weight})
      for (const float each : *all) EXPECT_EQ(each, 0.0F) << where;
  }
}

TEST_P(SamplingBackward, ItemsAreIndependent) {
  SamplingSample sample("parts", {{6, 5}, {3, 2}}, 2, 7, 3, 20, 3);
  SamplingGradients whole(sample), parts(sample);
  run(sample, whole);
  const DeformableSampling job = sample.job();
  for (std::int64_t i = DeformableSamplingGradients::items(job) - 1; i >= 0; --i)
    deformableSamplingBackward(job, parts.pointers(job), i, i + 1, GetParam());
  EXPECT_EQ(parts.value, whole.value);
  EXPECT_EQ(parts.location, whole.location);
  EXPECT_EQ(parts.weight, whole.weight);
}

TEST_P(SamplingBackward, WhatIsNotWantedIsNotWritten) {
  SamplingSample sample("some", {{6, 5}}, 1, 7, 1, 8, 1);
  SamplingGradients whole(sample), some(sample);
  run(sample, whole);
  const DeformableSampling job = sample.job();
  DeformableSamplingGradients pointers = some.pointers(job);
  pointers.value = nullptr;
  pointers.weight = nullptr;
  deformableSamplingBackward(job, pointers, 0, 1, GetParam());
  EXPECT_EQ(some.location, whole.location);
  EXPECT_TRUE(std::isnan(some.value[0]) && std::isnan(some.weight[0]));
}

INSTANTIATE_TEST_SUITE_P(Instructions, SamplingBackward, allInstructions(), instructionsName);

}  // namespace
}  // namespace inkling::kernels
