// core/kernels/routing_attention.h on a card: the same job, its pointers (those to the chosen
// regions too) those of the card's memory. Job::multiplyAdds() reads the choices, so it is not for
// such jobs.
#pragma once

#include "core/kernels/cuda/stream.h"
#include "core/kernels/routing_attention.h"

namespace inkling::kernels::cuda {

/// All items; returns at once. Throws Error when the card refuses, or for heads wider than
/// kMostHeadWidth.
void routingAttention(const RoutingAttention& job, Stream stream);

constexpr int kMostHeadWidth = 128;

}  // namespace inkling::kernels::cuda
