// Depthwise convolution: every channel has a kernel of its own.
#pragma once

#include "core/nn/layers.h"

namespace inkling {

/// On [B, C, H, W], stride 1, zeros around the edge, output of the same size. `kernel` is odd
/// (UsageError otherwise: an even one has no middle). Weights [C, 1, kernel, kernel] start as
/// normal numbers that keep the size of what goes through.
struct DepthwiseConv2d : Module {
  Tensor weight, bias;
  DepthwiseConv2d(std::int64_t channels, std::int64_t kernel, Random& random, bool withBias = true);
  Tensor forward(const Tensor& x) const;
};

}  // namespace inkling
