// core/kernels/sketch_attention.h on a card: the same job, its pointers those of the card's memory.
#pragma once

#include "core/kernels/cuda/stream.h"
#include "core/kernels/sketch_attention.h"

namespace inkling::kernels::cuda {

/// All items; returns at once. Throws Error when the card refuses, for heads wider than 128
/// channels, for a map of a head that there is not, and for more heads (several hundred) than a
/// multiprocessor can keep the maxima of.
void sketchAttention(const SketchAttention& job, Stream stream);

}  // namespace inkling::kernels::cuda
