// Boxes as tensors, for losses and decoders. "cxcywh" is (centre x, centre y, width, height),
// "xyxy" two corners; model boxes are cxcywh in 0..1 of the square letterbox frame. Source of the
// definitions: facebookresearch/detr, box_ops.py.
#pragma once

#include <utility>
#include <vector>

#include "core/geometry/box.h"
#include "core/nn/tensor.h"

namespace inkling {

Tensor cxcywhToXyxy(const Tensor& boxes);
Tensor xyxyToCxcywh(const Tensor& boxes);

/// [N, 4] cxcywh to plain boxes.
std::vector<Box> plainBoxes(const Tensor& cxcywh);

/// [N, 4] and [M, 4] xyxy to ([N, M] IoU, [N, M] union areas).
std::pair<Tensor, Tensor> boxIou(const Tensor& a, const Tensor& b);

/// [N, 4] and [M, 4] xyxy to [N, M]: IoU minus the share of the hull that neither covers.
Tensor generalizedBoxIou(const Tensor& a, const Tensor& b);

/// Row by row: [N, 4] and [N, 4] xyxy to [N].
Tensor pairedGeneralizedIou(const Tensor& a, const Tensor& b);

/// log(x / (1 - x)) with x kept 1e-5 away from 0 and 1.
Tensor inverseSigmoid(const Tensor& x);

}  // namespace inkling
