// Which detections of a query are right, decided as COCO's evaluation does at IoU 0.5.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/geometry/box.h"

namespace inkling {

struct Judged {
  std::size_t index = 0;  ///< into the boxes
  bool right = false;
};

/// The boxes that survive suppression at `overlap`, best first, at most `limit`. Each takes the
/// free object that it overlaps most, from IoU 0.5; one that takes none is wrong, or left out where
/// it lies half on a box of `ignored` (crowds).
std::vector<Judged> judge(std::span<const Box> boxes, std::span<const float> scores,
                          std::span<const Box> objects, std::span<const Box> ignored,
                          double overlap, std::size_t limit);

}  // namespace inkling
