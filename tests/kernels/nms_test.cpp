#include "core/kernels/nms.h"

#include <gtest/gtest.h>

#include "core/geometry/nms.h"
#include "tests/kernels/nms_sample.h"

namespace inkling::kernels {
namespace {

NonMaximumSuppression jobOf(const NmsSample& sample, double threshold, std::int64_t mostKept) {
  NonMaximumSuppression job;
  job.boxes = sample.boxes.data();
  job.boxesPerPhoto = sample.count();
  job.threshold = threshold;
  job.mostKept = mostKept;
  return job;
}

std::vector<std::int64_t> kept(NonMaximumSuppression job) {
  NmsResult result(job);
  nonMaximumSuppression(job, 0, job.items());
  const auto count = static_cast<std::size_t>(result.counts.at(0));
  EXPECT_LE(count, result.kept.size());
  for (std::size_t i = count; i < result.kept.size(); ++i) EXPECT_EQ(result.kept[i], -1);
  result.kept.resize(count);
  return result.kept;
}

TEST(NmsKernel, KeepsWhatGeometryKeeps) {
  std::vector<NmsSample> samples = nmsSamples();
  samples.push_back(randomBoxes("2000 boxes", 2000, 300, 60));
  for (const NmsSample& sample : samples) {
    std::vector<Box> boxes;
    for (std::size_t i = 0; i < sample.boxes.size(); i += 4) {
      const double left = sample.boxes[i], top = sample.boxes[i + 1];
      boxes.push_back({left, top, sample.boxes[i + 2] - left, sample.boxes[i + 3] - top});
    }
    const std::vector<float> scores(boxes.size());  // equal ones are taken as they come
    for (const double threshold : {0.0, 0.2, 0.65, 1.0, -1.0, 1.0 / 3}) {
      for (const std::int64_t most : {0, 1, 150, 100000}) {
        const auto wanted = inkling::nonMaximumSuppression(boxes, scores, threshold,
                                                           static_cast<std::size_t>(most));
        EXPECT_EQ(kept(jobOf(sample, threshold, most)),
                  std::vector<std::int64_t>(wanted.begin(), wanted.end()))
            << sample.name << ", threshold " << threshold << ", at most " << most;
      }
    }
  }
}

TEST(NmsKernel, OnlyWhatIsOverTheThresholdGoes) {
  NmsSample sample{"two", {}};
  sample.add(0, 0, 4, 4);
  sample.add(2, 0, 4, 4);  // IoU 8 / 24
  EXPECT_EQ(kept(jobOf(sample, 1.0 / 3, 9)), (std::vector<std::int64_t>{0, 1}));
  EXPECT_EQ(kept(jobOf(sample, 0.33, 9)), (std::vector<std::int64_t>{0}));
}

TEST(NmsKernel, EachPhotoHasItsOwnCount) {
  NmsSample sample{"three photos of two boxes", {}};
  for (int i = 0; i < 6; ++i) sample.add(10 * i, 0, 5, 5);
  const std::vector<std::int64_t> counts = {1, 2, 0};
  NonMaximumSuppression job = jobOf(sample, 0.5, 9);
  job.photos = 3;
  job.boxesPerPhoto = 2;
  job.counts = counts.data();
  NmsResult result(job);
  nonMaximumSuppression(job, 2, 3);
  nonMaximumSuppression(job, 0, 2);
  EXPECT_EQ(result.counts, counts);
  EXPECT_EQ(result.kept, (std::vector<std::int64_t>{0, -1, 0, 1, -1, -1}));
}

}  // namespace
}  // namespace inkling::kernels
