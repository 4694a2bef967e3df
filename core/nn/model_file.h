// The model file: one safetensors file that holds every network, with the configuration and the
// model card as JSON under the metadata key "inkling" and the detector's graph under
// "detector_graph".
//
// Weights are stored in half precision; the transformer's large matrices as 8-bit integers with one
// scale a row
// ("NAME" int8 and "NAME.scale" float32), which keeps the file small. Reading gives float32.
#pragma once

#include <filesystem>
#include <memory>

#include "core/nn/localizer_network.h"
#include "core/nn/trunk.h"

namespace inkling {

/// A model in memory, ready to use (all weights float32, evaluation mode, no gradients).
struct Model {
  ModelConfig config;
  Json card;  ///< the whole JSON under "inkling": config, data, figures, licence
  std::unique_ptr<Trunk> trunk;
  std::unique_ptr<LocalizerNetwork> network;

  /// The probability that a photo shows what is looked for, from the logit of its best box and its
  /// context (LocalizerNetwork::Located).
  double presence(double bestLogit, double context) const;
};

/// Throws ModelError naming the file and what is wrong with it.
Model readModel(const std::filesystem::path& path);

/// All trunk tensors with the prefixes that Trunk wants, from the separate published files in
/// `folder` (dinov2_vits14_saliency.fp16, efficientnet_lite2.fp16, yolox_nano_416 and its graph).
/// Throws ModelError.
struct TrunkWeights {
  StateDict state;
  Json detectorGraph = Json::object();
};
TrunkWeights readPublishedTrunk(const std::filesystem::path& folder, const ModelConfig& config);

/// Packs a model into the tensors and metadata of a model file. `card` is merged with the
/// configuration.
TensorFile packModel(const ModelConfig& config, const TrunkWeights& trunk,
                     LocalizerNetwork& network, const Json& card, bool quantize = true);

/// Row-wise 8-bit quantisation of a matrix (or a convolution's weight) and back.
std::pair<Tensor, Tensor> quantizeRows(const Tensor& weight);
Tensor dequantizeRows(const Tensor& values, const Tensor& scale);

/// All floating tensors as float32, 8-bit ones multiplied with their scales.
StateDict widenState(const StateDict& packed);

}  // namespace inkling
