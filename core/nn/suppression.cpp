#include "core/nn/suppression.h"

#include <algorithm>
#include <span>
#include <vector>

#include "core/geometry/nms.h"
#include "core/kernels/cuda/nms.h"
#include "core/nn/box_ops.h"
#include "core/nn/device.h"

namespace inkling {

namespace {

// All photos by one kernel.
Survivors suppressedOnCard(const Tensor& boxes, double overlap, std::int64_t limit) {
  const Tensor corners = cxcywhToXyxy(boxes).contiguous();
  const auto numbers = boxes.options().dtype(at::kLong);
  kernels::NonMaximumSuppression job;
  job.boxes = corners.const_data_ptr<float>();
  job.photos = boxes.size(0);
  job.boxesPerPhoto = boxes.size(1);
  job.threshold = overlap;
  job.mostKept = limit;
  const Tensor kept = at::empty({job.photos, job.room()}, numbers),
               count = at::empty({job.photos}, numbers);
  job.kept = kept.mutable_data_ptr<std::int64_t>();
  job.keptCount = count.mutable_data_ptr<std::int64_t>();
  const Tensor scratch = at::empty({kernels::cuda::nonMaximumSuppressionScratch(job)},
                                   boxes.options().dtype(at::kByte));
  startOnCard(boxes, [&](auto stream) {
    kernels::cuda::nonMaximumSuppression(job, scratch.mutable_data_ptr<std::uint8_t>(), stream);
  });
  const Tensor index = at::constant_pad_nd(kept, {0, limit - job.room()}, -1);
  return {index.clamp_min(0), index.ge(0)};
}

}  // namespace

Survivors suppressed(const Tensor& boxes, const Tensor& scores, double overlap,
                     std::int64_t limit) {
  if (boxes.is_cuda()) return suppressedOnCard(boxes, overlap, limit);
  const std::int64_t photos = boxes.size(0), count = boxes.size(1);
  const Tensor order = scores.to(at::kCPU).contiguous();
  Survivors result{at::zeros({photos, limit}, at::kLong), at::zeros({photos, limit}, at::kBool)};
  for (std::int64_t photo = 0; photo < photos; ++photo) {
    const std::vector<Box> plain = plainBoxes(boxes[photo].to(at::kCPU));
    const std::span<const float> values(order.const_data_ptr<float>() + photo * count,
                                        plain.size());
    const auto kept =
        nonMaximumSuppression(plain, values, overlap, static_cast<std::size_t>(limit));
    std::copy(kept.begin(), kept.end(),
              result.index.mutable_data_ptr<std::int64_t>() + photo * limit);
    std::fill_n(result.valid.mutable_data_ptr<bool>() + photo * limit, kept.size(), true);
  }
  return {result.index.to(boxes.device()), result.valid.to(boxes.device())};
}

}  // namespace inkling
