// How long work takes on a card, by its own clock.
#pragma once

#include <functional>

#include "core/kernels/cuda/stream.h"

namespace inkling::bench {

/// Starts the work on a stream and returns at once.
using Work = std::function<void(kernels::cuda::Stream)>;

/// Seconds that one run of the work takes: after a warm-up, the median of several measurements,
/// each of as many runs in a row as a few milliseconds hold. So inputs that fit into the card's
/// cache are there, and what it costs to start a short kernel is hidden unless it is longer than
/// the kernel. Throws kernels::cuda::Error.
double medianSeconds(const Work& work);

}  // namespace inkling::bench
