#include "core/kernels/routing_attention.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/kernels/all_instructions.h"
#include "tests/kernels/routing_sample.h"

namespace inkling::kernels {
namespace {

class RoutingKernel : public testing::TestWithParam<Instructions> {
 protected:
  void SetUp() override {
    if (!supported(GetParam())) GTEST_SKIP() << "this processor does not have these instructions";
  }
};

TEST_P(RoutingKernel, AgreesWithTheDefinition) {
  const std::vector<RoutingShape> shapes{
      {1, 1, 1, 1, 1, 1, 1, 1},         {1, 4, 32, 8, 8, 4, 4, 2, 5},
      {2, 3, 7, 13, 20, 4, 4, 3, 5},    {2, 2, 5, 5, 3, 2, 2, 6, 3},
      {1, 2, 8, 1, 9, 1, 2, 4, 5},      {1, 1, 33, 9, 1, 2, 1, 5, 5},
      {1, 2, 16, 12, 12, 12, 12, 1, 0}, {1, 1, 12, 20, 20, 10, 10, 4, 1},
      {3, 1, 4, 3, 3, 8, 8, 1, 7},
  };
  for (const RoutingShape& shape : shapes) {
    RoutingSample sample(shape, 1);
    routingAttention(sample.job, 0, sample.job.items(), GetParam());
    SCOPED_TRACE(std::to_string(shape.height) + " x " + std::to_string(shape.width) + ", width " +
                 std::to_string(shape.headWidth));
    expectDefinition(sample, 2e-6);
  }
}

// The softmax is computed block by block, with a maximum that grows: logits of hundreds must not
// overflow, and blocks whose logits are small must vanish.
TEST_P(RoutingKernel, LargeLogitsStayFinite) {
  for (const float spread : {20.0F, 200.0F}) {
    RoutingSample sample({1, 2, 16, 20, 20, 5, 5, 16, 0}, spread);
    routingAttention(sample.job, 0, sample.job.items(), GetParam());
    expectDefinition(sample, 1e-3);
  }
}

TEST_P(RoutingKernel, ItemsAreIndependent) {
  const RoutingShape shape{2, 2, 8, 9, 7, 3, 3, 2, 5};
  RoutingSample whole(shape, 1), parts(shape, 1);
  routingAttention(whole.job, 0, whole.job.items(), GetParam());
  for (std::int64_t i = parts.job.items() - 1; i >= 0; --i)
    routingAttention(parts.job, i, i + 1, GetParam());
  EXPECT_EQ(whole.output, parts.output);
  RoutingSample one(shape, 1);
  routingAttention(one.job, 4, 5, GetParam());
  std::int64_t written = 0;
  for (const float value : one.output) written += !std::isnan(value);
  EXPECT_EQ(written, 3 * 3 * 16) << "an item writes its own region only";
}

TEST_P(RoutingKernel, NanIsPassedOnNotHidden) {
  RoutingSample sample({1, 1, 8, 4, 4, 2, 2, 4, 0}, 1);
  sample.qkv[static_cast<std::size_t>(5 * sample.job.tokenStride + 8)] =
      std::numeric_limits<float>::quiet_NaN();  // in the key of token 5, which all see
  routingAttention(sample.job, 0, sample.job.items(), GetParam());
  for (const float value : sample.output) EXPECT_TRUE(std::isnan(value));
}

INSTANTIATE_TEST_SUITE_P(Instructions, RoutingKernel, allInstructions(), instructionsName);

TEST(RoutingKernelChoice, TheFastestInstructionsAreSupported) {
  EXPECT_TRUE(supported(fastestInstructions()));
  EXPECT_TRUE(supported(Instructions::kPlain));
}

}  // namespace
}  // namespace inkling::kernels
