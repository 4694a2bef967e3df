#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/kernels/cuda/routing_attention.h"
#include "tests/kernels/emulation_orders.h"
#include "tests/kernels/routing_sample.h"

namespace inkling::kernels {
namespace {

using CudaRouting = EmulationTest;

std::string name(const RoutingShape& shape) {
  return std::to_string(shape.height) + " x " + std::to_string(shape.width) + " in " +
         std::to_string(shape.regionHeight) + " x " + std::to_string(shape.regionWidth) +
         ", width " + std::to_string(shape.headWidth) + ", gap " + std::to_string(shape.gap);
}

/// NaN equals NaN: where the processor wrote nothing, the card must not write either.
void expectTwin(const RoutingShape& shape, float spread = 1, double tolerance = 1e-5) {
  RoutingSample sample(shape, spread), twin(shape, spread);
  routingAttention(twin.job, 0, twin.job.items(), Instructions::kPlain);
  cuda::routingAttention(sample.job, nullptr);
  ASSERT_EQ(sample.output.size(), twin.output.size());
  for (std::size_t i = 0; i < sample.output.size(); ++i) {
    if (std::isnan(twin.output[i]))
      ASSERT_TRUE(std::isnan(sample.output[i])) << name(shape) << ", number " << i;
    else
      ASSERT_NEAR(sample.output[i], twin.output[i], tolerance) << name(shape) << ", number " << i;
  }
}

// Shapes: photos, heads, head width, grid, region, choices, convolution, gap between tokens.

TEST_P(CudaRouting, GivesWhatTheProcessorGives) {
  const std::vector<RoutingShape> shapes{
      {1, 1, 1, 1, 1, 1, 1, 1, 3},        // one token
      {2, 3, 7, 13, 20, 4, 4, 3, 5, 1},   // smaller regions at the edges; nothing is aligned
      {1, 2, 17, 9, 7, 3, 3, 9, 3},       // all regions are chosen
      {2, 2, 32, 5, 4, 1, 1, 7, 0, 4},    // regions of one token
      {3, 1, 4, 3, 3, 8, 8, 1, 7},        // a region larger than the grid
      {1, 2, 8, 1, 9, 1, 2, 4, 5},        // one row
      {1, 1, 33, 9, 1, 2, 1, 5, 5, 3},    // one column
      {1, 2, 32, 20, 19, 10, 10, 3, 5},   // 128 queries a block
      {1, 1, 32, 12, 12, 12, 12, 1, 0},   // one region, of several blocks
      {1, 1, 64, 16, 16, 16, 8, 2, 3},    // 128 queries a block
      {1, 2, 64, 6, 6, 3, 3, 2, 0, 1},    //
      {2, 1, 128, 10, 7, 5, 4, 3, 1, 4},  // the widest
      {1, 1, 101, 10, 10, 10, 10, 1, 3},  //
  };
  for (const RoutingShape& shape : shapes) expectTwin(shape);
}

// Many tiles, with a maximum that grows: against the definition, as rounding of such logits moves
// their weights.
TEST_P(CudaRouting, LargeLogitsStayFinite) {
  for (const float spread : {20.0F, 200.0F}) {
    RoutingSample sample({1, 2, 16, 12, 12, 3, 3, 16, 0}, spread);
    cuda::routingAttention(sample.job, nullptr);
    expectDefinition(sample, 1e-3);
  }
}

TEST_P(CudaRouting, NanIsPassedOnNotHidden) {
  RoutingSample sample({1, 1, 8, 4, 4, 2, 2, 4, 0}, 1);
  sample.qkv[static_cast<std::size_t>(5 * sample.job.tokenStride + 8)] =
      std::numeric_limits<float>::quiet_NaN();  // in the key of token 5, which all see
  cuda::routingAttention(sample.job, nullptr);
  for (const float value : sample.output) EXPECT_TRUE(std::isnan(value));
}

// What is not chosen must not be read as if it had the weight 0: 0 times NaN is NaN.
TEST_P(CudaRouting, WhatIsNotChosenDoesNotMatter) {
  RoutingSample sample({1, 1, 8, 6, 6, 4, 4, 1, 0}, 1);
  for (std::int64_t& region : sample.chosen) region = 3;  // the tokens of the lower right corner
  for (std::int64_t token = 0; token < 4 * 6; ++token)
    for (std::int64_t c = 8; c < 24; ++c)
      sample.qkv[static_cast<std::size_t>(token * sample.job.tokenStride + c)] =
          std::numeric_limits<float>::quiet_NaN();
  cuda::routingAttention(sample.job, nullptr);
  expectDefinition(sample, 2e-6);
}

TEST_P(CudaRouting, WiderHeadsThanItHasAreRefused) {
  RoutingSample sample({1, 1, 129, 2, 2, 1, 1, 1}, 1);
  try {
    cuda::routingAttention(sample.job, nullptr);
    FAIL() << "not refused";
  } catch (const cuda::Error& error) {
    EXPECT_NE(std::string(error.what()).find("at most 128"), std::string::npos) << error.what();
  }
  EXPECT_EQ(threads(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Orders, CudaRouting, allOrders(), orderName);

}  // namespace
}  // namespace inkling::kernels
