// Keeping one box per object: core/geometry/nms.h for several photos at once, on plain memory. It
// takes the boxes in the order in which they lie, so whoever sorts them settles what equal scores
// mean; boxes with a NaN score go last, beyond the count.
//
//   NonMaximumSuppression job;
//   job.boxes = corners;  job.boxesPerPhoto = 1000;  job.threshold = 0.65;  job.mostKept = 150;
//   job.kept = kept;  job.keptCount = &count;
//   nonMaximumSuppression(job, 0, job.items());
#pragma once

#include <algorithm>
#include <cstdint>

namespace inkling::kernels {

struct NonMaximumSuppression {
  /// [photos, boxesPerPhoto, 4]: left, top, right, bottom; best first. A box whose right or bottom
  /// is not over its left or top is empty: it overlaps nothing, and is kept.
  const float* boxes = nullptr;
  std::int64_t photos = 1, boxesPerPhoto = 0;
  /// [photos]: how many boxes of each count, at most boxesPerPhoto; null for all.
  const std::int64_t* counts = nullptr;
  double threshold = 0;  ///< a box goes when its IoU with a kept one is over this
  std::int64_t mostKept = 0;

  /// [photos, room()]: numbers of the boxes kept, ascending, so best first; -1 after them.
  std::int64_t* kept = nullptr;
  std::int64_t* keptCount = nullptr;  ///< [photos]

  std::int64_t room() const {
    return std::clamp<std::int64_t>(mostKept, 0, std::max<std::int64_t>(boxesPerPhoto, 0));
  }
  /// What can be computed on its own: one photo.
  std::int64_t items() const { return photos; }
};

/// Computes the items begin .. end-1. Different items may run at the same time.
void nonMaximumSuppression(const NonMaximumSuppression& job, std::int64_t begin, std::int64_t end);

}  // namespace inkling::kernels
