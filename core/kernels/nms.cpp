#include "core/kernels/nms.h"

#include <cstddef>
#include <vector>

#include "core/kernels/nms_overlap.h"

namespace inkling::kernels {
namespace {

void suppress(const NonMaximumSuppression& job, std::int64_t photo, std::vector<OverlapBox>& kept) {
  kept.clear();
  const float* boxes = job.boxes + photo * job.boxesPerPhoto * 4;
  std::int64_t* numbers = job.kept + photo * job.room();
  const std::int64_t count =
      job.counts == nullptr ? job.boxesPerPhoto : std::min(job.counts[photo], job.boxesPerPhoto);
  const auto most = static_cast<std::size_t>(job.room());
  for (std::int64_t i = 0; i < count && kept.size() < most; ++i) {
    const OverlapBox candidate(boxes + 4 * i);
    const bool isCovered = std::any_of(kept.begin(), kept.end(), [&](const OverlapBox& better) {
      return intersectionOverUnion(better, candidate) > job.threshold;
    });
    if (isCovered) continue;
    numbers[kept.size()] = i;
    kept.push_back(candidate);
  }
  job.keptCount[photo] = static_cast<std::int64_t>(kept.size());
  std::fill(numbers + kept.size(), numbers + most, -1);
}

}  // namespace

void nonMaximumSuppression(const NonMaximumSuppression& job, std::int64_t begin, std::int64_t end) {
  std::vector<OverlapBox> kept;
  for (std::int64_t photo = begin; photo < end; ++photo) suppress(job, photo, kept);
}

}  // namespace inkling::kernels
