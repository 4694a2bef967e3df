// The frozen networks that look at a photo once, and the region proposals.
#pragma once

#include <memory>

#include "core/nn/efficientnet.h"
#include "core/nn/graph_network.h"
#include "core/nn/model_config.h"
#include "core/nn/photo_tensors.h"

namespace inkling {

class Trunk {
 public:
  /// Weights in `state` under "trunk.vit.", "trunk.cnn." and "trunk.detector."; the detector's
  /// graph as JSON (ignored when the configuration is without it). Throws ModelError naming
  /// `source`.
  Trunk(const ModelConfig& config, const StateDict& state, const Json& detectorGraph,
        const std::string& source);

  /// Photos of a batch do not depend on each other. Nothing waits for the device.
  TrunkOutput describeBatch(const TrunkInput& input) const;
  /// One photo.
  PhotoTensors describe(const TrunkInput& input) const;

  /// The networks will be computed there, in numbers of that type; what they say is float32 always.
  void moveTo(at::Device device, at::ScalarType type = at::kFloat);

  /// Drawings [B, 1, size, size] (1 is ink) as photos of black ink on white paper: the mean of the
  /// transformer's tokens where there is ink, [B, tokenWidth].
  Tensor describeDrawings(const Tensor& rasters) const;

  /// Early guidance: runs the transformer from the stem [B, 1 + N, dim] on, with `hook` before each
  /// block, and returns tokens [B, N, tokenWidth].
  Tensor continueFromStem(const Tensor& stem, const VisionTransformer::Hook& hook) const;

  const EfficientNetLite* cnn() const { return cnn_.get(); }
  const Json& detectorGraph() const { return graph_; }
  const VisionTransformer& vit() const { return *vit_; }

 private:
  void propose(const TrunkInput& input, TrunkOutput& photos) const;
  void gridProposals(const TrunkInput& input, TrunkOutput& photos) const;

  ModelConfig config_;
  std::unique_ptr<VisionTransformer> vit_;
  std::unique_ptr<EfficientNetLite> cnn_;
  std::unique_ptr<GraphNetwork> detector_;
  Json graph_;
  at::ScalarType type_ = at::kFloat;
};

/// Raw YOLOX output [..., anchors, 5 + classes] at `side` pixels to boxes [..., anchors, 4] cxcywh
/// in 0..1 (strides 8, 16, 32).
Tensor decodeYolox(const Tensor& raw, std::int64_t side);

}  // namespace inkling
