#include <gtest/gtest.h>

#include "core/kernels/cuda/deformable_sampling.h"
#include "tests/kernels/emulation_orders.h"
#include "tests/kernels/sampling_sample.h"

namespace inkling::kernels {
namespace {

using CudaSampling = EmulationTest;

TEST_P(CudaSampling, GivesWhatTheProcessorGives) {
  for (SamplingSample sample : samplingSamples()) {
    SamplingSample twin = sample;
    deformableSampling(twin.job(), 0, twin.job().items(), Instructions::kPlain);
    cuda::deformableSampling(sample.job(), nullptr);
    ASSERT_EQ(sample.output.size(), twin.output.size());
    for (std::size_t i = 0; i < sample.output.size(); ++i)
      ASSERT_NEAR(sample.output[i], twin.output[i], 1e-5) << sample.name << ", number " << i;
  }
}

TEST_P(CudaSampling, MoreLevelsThanItHasAreRefused) {
  SamplingSample sample("many", std::vector<SamplingSample::Grid>(9, {2, 2}), 1, 1, 1, 4, 1);
  EXPECT_THROW(cuda::deformableSampling(sample.job(), nullptr), cuda::Error);
}

INSTANTIATE_TEST_SUITE_P(Orders, CudaSampling, allOrders(), orderName);

}  // namespace
}  // namespace inkling::kernels
