// What is known of a photo before any sketch is seen. The sizes: N tokens of the grid, P proposals
// (always the configured number; rows beyond `count` are padding), all without a batch dimension.
#pragma once

#include <optional>
#include <vector>

#include "core/nn/tensor.h"

namespace inkling {

/// The pixels of photos as the networks want them, letterboxed into squares: [B, 3, side, side].
/// All tensors lie on one device.
struct TrunkInput {
  Tensor vit;       ///< RGB, normalised with DINOv2's mean and deviation
  Tensor cnn;       ///< RGB, normalised with EfficientNet-Lite's; undefined without that network
  Tensor detector;  ///< BGR 0..255; undefined without the detector
  /// [B, 2] float32 share of the square that each photo covers, width and height; undefined: all of
  /// it.
  Tensor content;
};

/// What the trunk says of a batch of photos, padded where a photo has fewer proposals.
struct TrunkOutput {
  Tensor tokens;      ///< [B, N, tokenWidth], or
  Tensor stem;        ///< [B, 1 + N, vit dim] (early guidance)
  Tensor cnnMap;      ///< [B, 1280, h, w]; undefined without the CNN
  Tensor boxes;       ///< [B, P, 4]
  Tensor objectness;  ///< [B, P]
  Tensor classes;     ///< [B, P, 80]; undefined without the detector
  Tensor valid;       ///< [B, P] bool, the real ones first
};

struct PhotoTensors {
  Tensor tokens;      ///< [N, tokenWidth] trunk tokens, row by row (late guidance), or
  Tensor stem;        ///< [1 + N, vit dim] tokens that enter the first fused block (early guidance)
  Tensor cnnMap;      ///< [1280, h, w]; undefined without the CNN
  Tensor boxes;       ///< [P, 4] proposals, cxcywh in 0..1 of the square
  Tensor objectness;  ///< [P] 0..1
  Tensor classes;     ///< [P, 80] class scores of the detector, 0..1; undefined without it
  std::int64_t count = 0;  ///< proposals that are real

  /// On a device; floating tensors in `type` if one is given.
  PhotoTensors to(at::Device device, std::optional<at::ScalarType> type = {}) const;
};

}  // namespace inkling
