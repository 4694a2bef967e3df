// From a decoded photo to the pixels that the trunk's networks want.
#pragma once

#include "core/image/image.h"
#include "core/nn/model_config.h"
#include "core/nn/photo_tensors.h"

namespace inkling {

/// Letterboxes the photo for every network that the configuration has: scaled to fit a square, at
/// the top left. For a card the 8-bit pixels travel, and it does the rest; levels may differ by one
/// of 255 in fewer than one of a hundred pixels from what the processor gives. Throws UsageError
/// for an empty image.
TrunkInput makeTrunkInput(const Image& photo, const TrunkConfig& config,
                          at::Device device = at::kCPU);

}  // namespace inkling
