// core/kernels/deformable_sampling.h on a card: the same job, its pointers those of the card's
// memory.
#pragma once

#include "core/kernels/cuda/stream.h"
#include "core/kernels/deformable_sampling.h"

namespace inkling::kernels::cuda {

/// All items; returns at once. Throws Error when the card refuses, or for more than kMostLevels
/// levels.
void deformableSampling(const DeformableSampling& job, Stream stream);

/// The gradients, all of them; likewise. What a token gets from several samples is added up in no
/// fixed order, so the last bits of the values' gradients differ from one run to the next.
void deformableSamplingBackward(const DeformableSampling& job,
                                const DeformableSamplingGradients& gradients, Stream stream);

constexpr int kMostLevels = 8;

}  // namespace inkling::kernels::cuda
