// EfficientNet-Lite2 (Tan and Le; "lite" without squeeze-excitation, ReLU6). The names are those of
// the published PyTorch weights; batch norms are folded into the convolutions when the weights are
// loaded, so this network is for inference only. Paddings are the ones that TensorFlow's "same"
// gives for a 260-pixel input, whatever the real size.
#pragma once

#include <string>
#include <vector>

#include "core/nn/fused_convolution.h"
#include "core/nn/safetensors.h"

namespace inkling {

class EfficientNetLite {
 public:
  /// Loads from `state` (names under `prefix`): either the published tensors with batch norms, or
  /// the folded ones that `foldedState` gives. Throws ModelError naming `source`.
  EfficientNetLite(const StateDict& state, const std::string& source,
                   const std::string& prefix = "");

  /// The maps will be computed there, in numbers of that type.
  void moveTo(at::Device device, at::ScalarType type);

  static constexpr std::int64_t kChannels = 1280;
  static constexpr std::int64_t kStride = 32;

  /// Pixels [B, 3, H, W], normalised, to the map [B, 1280, H/32, W/32] after the head convolution.
  Tensor features(const Tensor& pixels) const;

  /// Map to ImageNet logits [B, 1000] (mean over the map, then the classifier). Needs the
  /// classifier's weights.
  Tensor logits(const Tensor& features) const;
  bool hasClassifier() const { return classifierWeight_.defined(); }
  /// [1000, 1280] rows of the classifier.
  const Tensor& classifierWeight() const { return classifierWeight_; }

  /// Convolution weights and biases with the batch norms folded in (names "convN.weight",
  /// "convN.bias").
  StateDict foldedState() const;

 private:
  struct Layer {
    FusedConvolution convolution;
    bool addInput = false;  ///< last convolution of a block with a shortcut
    bool opensBlock = false;
  };
  std::vector<Layer> layers_;
  Tensor classifierWeight_, classifierBias_;
};

}  // namespace inkling
