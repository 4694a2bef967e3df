// core/kernels/letterbox.h on a card: the same job, its pointers those of the card's memory. Both
// give the same bits.
#pragma once

#include "core/kernels/cuda/stream.h"
#include "core/kernels/letterbox.h"

namespace inkling::kernels::cuda {

/// All photos, of any sizes; returns at once. The list of photos itself is not needed any more
/// then, their pixels are. Rows are read four bytes at a time where pixels and rowBytes are
/// multiples of four. Throws Error when the card refuses, otherwise as Letterboxing::check() does.
void letterbox(const Letterboxing& job, Stream stream);

}  // namespace inkling::kernels::cuda
