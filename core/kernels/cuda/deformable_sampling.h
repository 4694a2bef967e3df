// core/kernels/deformable_sampling.h on a card: the same job, its pointers those of the card's
// memory.
#pragma once

#include "core/kernels/cuda/stream.h"
#include "core/kernels/deformable_sampling.h"

namespace inkling::kernels::cuda {

/// All items; returns at once. Throws Error when the card refuses, or for more than kMostLevels
/// levels.
void deformableSampling(const DeformableSampling& job, Stream stream);

constexpr int kMostLevels = 8;

}  // namespace inkling::kernels::cuda
