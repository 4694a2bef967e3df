// Sine position codes.
#pragma once

#include "core/nn/tensor.h"

namespace inkling {

/// [1, H*W, dim]: the sine code of DETR for a full grid (normalised to 2 pi, temperature 10,000):
/// the first dim/2 values code the row, the rest the column; sine and cosine alternate. Source:
/// facebookresearch/detr, position_encoding.py.
Tensor sineGridPosition(std::int64_t height, std::int64_t width, std::int64_t dim,
                        at::Device device = at::kCPU);

/// The same with rows and columns counted 1, 2, 3, ... instead of normalised, as LocFormer's fusion
/// blocks use it.
Tensor sineCountPosition(std::int64_t height, std::int64_t width, std::int64_t dim,
                         at::Device device = at::kCPU);

/// [..., 4] boxes (centre x, centre y, width, height in 0..1) to [..., dim] sine codes, dim/4
/// values a coordinate. Source: DAB-DETR, gen_sineembed_for_position (temperature 10,000).
Tensor sineBoxPosition(const Tensor& boxes, std::int64_t dim);

}  // namespace inkling
