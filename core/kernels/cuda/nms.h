// core/kernels/nms.h on a card: the same job, its pointers those of the card's memory, the counts
// too: nothing waits for the host. Both keep the same boxes.
#pragma once

#include <cstdint>

#include "core/kernels/cuda/stream.h"
#include "core/kernels/nms.h"

namespace inkling::kernels::cuda {

/// Bytes of the card's memory that a job needs while it runs: a bit for each pair of boxes.
std::int64_t nonMaximumSuppressionScratch(const NonMaximumSuppression& job);

/// All photos; returns at once. `scratch` is aligned to 8 bytes, its contents do not matter. Throws
/// Error when the card refuses, or for more than 65535 photos or 350000 boxes a photo.
void nonMaximumSuppression(const NonMaximumSuppression& job, void* scratch, Stream stream);

}  // namespace inkling::kernels::cuda
