#include "core/kernels/deformable_sampling.h"

#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

#include "tests/kernels/all_instructions.h"
#include "tests/kernels/sampling_sample.h"

namespace inkling::kernels {
namespace {

class SamplingKernel : public testing::TestWithParam<Instructions> {
 protected:
  void SetUp() override {
    if (!supported(GetParam())) GTEST_SKIP() << "this processor does not have these instructions";
  }
};

TEST_P(SamplingKernel, AgreesWithTheDefinition) {
  for (SamplingSample sample : samplingSamples()) {
    const DeformableSampling job = sample.job();
    deformableSampling(job, 0, job.items(), GetParam());
    const std::int64_t dim = job.tokenStride;
    for (std::int64_t i = 0; i < job.items() * dim; ++i) {
      const std::int64_t query = i / dim;
      const double wanted = sample.expected(query / job.queries, query % job.queries, i % dim);
      ASSERT_NEAR(sample.output[static_cast<std::size_t>(i)], wanted, 2e-5)
          << sample.name << ", number " << i;
    }
  }
}

TEST_P(SamplingKernel, PointsFarAwayOrNowhereGiveZeros) {
  const float inf = std::numeric_limits<float>::infinity(),
              nan = std::numeric_limits<float>::quiet_NaN();
  for (const float where : {-5.0F, 7.0F, 1e30F, -inf, inf, nan}) {
    SamplingSample sample("far", {{4, 4}}, 1, 2, 1, 8, 2);
    std::fill(sample.location.begin(), sample.location.end(), where);
    deformableSampling(sample.job(), 0, 2, GetParam());
    for (const float value : sample.output) EXPECT_EQ(value, 0.0F) << where;
  }
}

TEST_P(SamplingKernel, ItemsAreIndependent) {
  SamplingSample whole("whole", {{6, 5}, {3, 2}}, 2, 7, 2, 8, 3), parts = whole;
  deformableSampling(whole.job(), 0, whole.job().items(), GetParam());
  for (std::int64_t i = parts.job().items() - 1; i >= 0; --i)
    deformableSampling(parts.job(), i, i + 1, GetParam());
  EXPECT_EQ(whole.output, parts.output);
}

INSTANTIATE_TEST_SUITE_P(Instructions, SamplingKernel, allInstructions(), instructionsName);

}  // namespace
}  // namespace inkling::kernels
