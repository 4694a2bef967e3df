#include <algorithm>

#include <gtest/gtest.h>

#include "core/kernels/cuda/nms.h"
#include "tests/kernels/emulation_orders.h"
#include "tests/kernels/nms_sample.h"

namespace inkling::kernels {
namespace {

class CudaNms : public EmulationTest {
 protected:
  // Runs a job on the card and on the processor.
  static void compare(NonMaximumSuppression job, const std::string& name) {
    NmsResult twin(job);
    nonMaximumSuppression(job, 0, job.items());
    NmsResult result(job);
    // Rubbish in the scratch: all covered.
    std::vector<std::uint64_t> scratch(
        static_cast<std::size_t>(cuda::nonMaximumSuppressionScratch(job) / 8), ~std::uint64_t{0});
    cuda::nonMaximumSuppression(job, scratch.data(), nullptr);
    EXPECT_EQ(result.counts, twin.counts) << name;
    EXPECT_EQ(result.kept, twin.kept) << name;
  }
};

TEST_P(CudaNms, KeepsWhatTheProcessorKeeps) {
  for (const NmsSample& sample : nmsSamples()) {
    NonMaximumSuppression job;
    job.boxes = sample.boxes.data();
    job.boxesPerPhoto = sample.count();
    for (const double threshold : {0.0, 0.65, 1.0}) {
      for (const std::int64_t most : {0, 1, 150}) {
        job.threshold = threshold;
        job.mostKept = most;
        compare(job, sample.name + ", threshold " + std::to_string(threshold) + ", at most " +
                         std::to_string(most));
      }
    }
  }
  EXPECT_GT(threads(), 0U);
}

TEST_P(CudaNms, TwoThousandBoxes) {
  const NmsSample sample = randomBoxes("2000 boxes", 2000, 300, 60);
  NonMaximumSuppression job;
  job.boxes = sample.boxes.data();
  job.boxesPerPhoto = sample.count();
  job.threshold = 0.4;
  job.mostKept = 2000;
  compare(job, sample.name);
}

TEST_P(CudaNms, SeveralPhotosWithCountsOfTheirOwn) {
  const NmsSample sample = randomBoxes("5 x 130 boxes", 5 * 130, 60, 40);
  const std::vector<std::int64_t> counts = {130, 0, 64, 65, 1000};
  NonMaximumSuppression job;
  job.boxes = sample.boxes.data();
  job.photos = 5;
  job.boxesPerPhoto = 130;
  job.counts = counts.data();
  job.threshold = 0.3;
  job.mostKept = 90;
  compare(job, sample.name);
}

TEST_P(CudaNms, MorePhotosOrBoxesThanItTakesAreRefused) {
  NonMaximumSuppression job;
  job.photos = 65536;
  job.boxesPerPhoto = 1;
  EXPECT_THROW(cuda::nonMaximumSuppression(job, nullptr, nullptr), cuda::Error);
  job.photos = 1;
  job.boxesPerPhoto = 400000;
  EXPECT_THROW(cuda::nonMaximumSuppression(job, nullptr, nullptr), cuda::Error);
}

INSTANTIATE_TEST_SUITE_P(Orders, CudaNms, allOrders(), orderName);

}  // namespace
}  // namespace inkling::kernels
