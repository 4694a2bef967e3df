// What is known of a photo before any sketch is seen. The sizes: N tokens of the grid, P proposals
// (always the configured number; rows beyond `count` are padding), all without a batch dimension.
#pragma once

#include <vector>

#include "core/nn/tensor.h"

namespace inkling {

/// The pixels of one photo as the networks want them, letterboxed into squares: [1, 3, side, side].
struct TrunkInput {
  Tensor vit;       ///< RGB, normalised with DINOv2's mean and deviation
  Tensor cnn;       ///< RGB, normalised with EfficientNet-Lite's; undefined without that network
  Tensor detector;  ///< BGR 0..255; undefined without the detector
  double contentWidth = 1, contentHeight = 1;  ///< share of the square that the photo covers
};

struct PhotoTensors {
  Tensor tokens;      ///< [N, tokenWidth] trunk tokens, row by row (late guidance), or
  Tensor stem;        ///< [1 + N, vit dim] tokens that enter the first fused block (early guidance)
  Tensor cnnMap;      ///< [1280, h, w]; undefined without the CNN
  Tensor boxes;       ///< [P, 4] proposals, cxcywh in 0..1 of the square
  Tensor objectness;  ///< [P] 0..1
  Tensor classes;     ///< [P, 80] class scores of the detector, 0..1; undefined without it
  std::int64_t count = 0;  ///< proposals that are real
};

}  // namespace inkling
