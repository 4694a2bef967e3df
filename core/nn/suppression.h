// Non-maximum suppression of many photos at once, on the processor or on a card.
#pragma once

#include "core/nn/tensor.h"

namespace inkling {

struct Survivors {
  Tensor index;  ///< [B, limit] int64, best first; 0 where there are no more
  Tensor valid;  ///< [B, limit] bool
};

/// Greedy suppression as in core/geometry/nms.h. Boxes [B, K, 4] cxcywh with scores [B, K], both
/// float32 and best first; of boxes that overlap by an IoU over `overlap` the best stays, at most
/// `limit` of a photo. On a card nothing waits for it.
Survivors suppressed(const Tensor& boxes, const Tensor& scores, double overlap, std::int64_t limit);

}  // namespace inkling
