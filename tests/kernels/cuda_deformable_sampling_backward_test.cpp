#include <limits>

#include <gtest/gtest.h>

#include "core/kernels/cuda/deformable_sampling.h"
#include "tests/kernels/emulation_orders.h"
#include "tests/kernels/sampling_gradients.h"

namespace inkling::kernels {
namespace {

class CudaSamplingBackward : public EmulationTest {
 protected:
  static void expectNear(const std::vector<float>& values, const std::vector<float>& wanted,
                         double tolerance, const std::string& what) {
    ASSERT_EQ(values.size(), wanted.size());
    for (std::size_t i = 0; i < values.size(); ++i)
      ASSERT_NEAR(values[i], wanted[i], tolerance) << what << ", number " << i;
  }
  static SamplingGradients twin(SamplingSample& sample) {
    SamplingGradients to(sample);
    const DeformableSampling job = sample.job();
    deformableSamplingBackward(job, to.pointers(job), 0, DeformableSamplingGradients::items(job),
                               Instructions::kPlain);
    return to;
  }
};

TEST_P(CudaSamplingBackward, GivesWhatTheProcessorGives) {
  std::vector<SamplingSample> samples = samplingSamples();
  samples.push_back({"wide heads", {{3, 4}}, 1, 5, 2, 200, 2});  // more than a warp has at once
  samples.push_back({"wide odd heads", {{3, 4}}, 1, 5, 2, 67, 2});
  for (SamplingSample& sample : samples) {
    const SamplingGradients wanted = twin(sample);
    SamplingGradients to(sample);
    const DeformableSampling job = sample.job();
    cuda::deformableSamplingBackward(job, to.pointers(job), nullptr);
    expectNear(to.value, wanted.value, 2e-5, sample.name + ", value");
    expectNear(to.weight, wanted.weight, 5e-5, sample.name + ", weight");
    expectNear(to.location, wanted.location, 1e-3, sample.name + ", location");
  }
  EXPECT_GT(threads(), 0U);
}

TEST_P(CudaSamplingBackward, ValuesMayLieApartAndOthersBetweenStay) {
  SamplingSample sample("apart", {{4, 5}, {2, 3}}, 2, 11, 2, 8, 2);
  const SamplingGradients wanted = twin(sample);
  const DeformableSampling job = sample.job();
  constexpr std::int64_t kTokens = 26, kStride = 20, kPhoto = kTokens * kStride + 4;
  SamplingGradients to(sample);
  std::vector<float> apart(2 * kPhoto, 77);
  DeformableSamplingGradients pointers = to.pointers(job);
  pointers.value = apart.data();
  pointers.tokenStride = kStride;
  pointers.photoStride = kPhoto;
  pointers.weight = nullptr;
  cuda::deformableSamplingBackward(job, pointers, nullptr);
  for (std::int64_t i = 0; i < 2 * kPhoto; ++i) {
    const std::int64_t photo = i / kPhoto, token = i % kPhoto / kStride,
                       channel = i % kPhoto % kStride;
    const bool isValue = token < kTokens && channel < job.tokenStride;
    const double expected = isValue ? wanted.value[static_cast<std::size_t>(
                                          (photo * kTokens + token) * job.tokenStride + channel)]
                                    : 77;
    ASSERT_NEAR(apart[static_cast<std::size_t>(i)], expected, 2e-5) << i;
  }
  expectNear(to.location, wanted.location, 1e-3, "location");
}

TEST_P(CudaSamplingBackward, KinksAndPointsNowhereAsOnTheProcessor) {
  SamplingSample sample("kinks", {{4, 4}}, 1, 7, 1, 8, 1);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  sample.location = {-0.125F, 0.5F, 0.375F, 0.375F, 1.125F,  0.5F,  nan,
                     0.5F,    9,    -9,     0.875F, -0.125F, 0.25F, 1.125F};
  const SamplingGradients wanted = twin(sample);
  SamplingGradients to(sample);
  const DeformableSampling job = sample.job();
  cuda::deformableSamplingBackward(job, to.pointers(job), nullptr);
  expectNear(to.location, wanted.location, 1e-4, "location");
  expectNear(to.value, wanted.value, 1e-5, "value");
  EXPECT_NE(to.location[0], 0);
  EXPECT_EQ(to.location[6], 0);
}

TEST_P(CudaSamplingBackward, MoreLevelsThanItHasAreRefused) {
  SamplingSample sample("many", std::vector<SamplingSample::Grid>(9, {2, 2}), 1, 1, 1, 4, 1);
  SamplingGradients to(sample);
  const DeformableSampling job = sample.job();
  EXPECT_THROW(cuda::deformableSamplingBackward(job, to.pointers(job), nullptr), cuda::Error);
}

INSTANTIATE_TEST_SUITE_P(Orders, CudaSamplingBackward, allOrders(), orderName);

}  // namespace
}  // namespace inkling::kernels
