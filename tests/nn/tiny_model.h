// A complete model of a few thousand weights, for tests that need one but no photo knowledge.
#pragma once

#include "core/nn/model_file.h"

namespace inkling {

inline ModelConfig tinyConfig(const std::string& guidance = "late",
                              const std::string& start = "matching") {
  ModelConfig config;
  config.trunk.vit = {14, 32, 2, 2, 4};
  config.trunk.vitResolution = 56;
  config.trunk.vitBlocks = {0, 1};
  config.trunk.cnnResolution = 0;
  config.trunk.detectorResolution = 0;
  config.trunk.proposals = 12;
  config.sketch.size = 32;
  config.sketch.widths = {4, 8, 8, 16};
  config.sketch.words = 5;
  config.words = {"a", "b", "c", "d", "e"};
  config.guidance.mode = guidance;
  config.guidance.start = start;
  config.guidance.earlyBlocks = {0, 1};
  config.guidance.dim = 16;
  config.guidance.heads = 2;
  config.guidance.hidden = 32;
  config.guidance.points = 2;
  config.matchMembers = 2;
  config.matchDim = 12;
  config.matchHidden = 16;
  if (guidance != "early" && start == "matching") config.indexDim = 6;
  return config;
}

/// Random weights for the trunk of `config` (which has only the transformer).
inline TrunkWeights tinyTrunkWeights(const ModelConfig& config) {
  Random random(17);
  VisionTransformer vit(config.trunk.vit, random);
  TrunkWeights weights;
  for (const auto& [name, tensor] : vit.state()) weights.state["trunk.vit." + name] = tensor;
  return weights;
}

struct TinyModel {
  ModelConfig config;
  TrunkWeights weights;
  Trunk trunk;
  LocalizerNetwork network;

  explicit TinyModel(const std::string& guidance = "late", std::uint64_t seed = 3)
      : TinyModel(tinyConfig(guidance), seed) {}
  explicit TinyModel(const ModelConfig& shape, std::uint64_t seed = 3)
      : config(shape),
        weights(tinyTrunkWeights(config)),
        trunk(config, weights.state, {}, "tiny"),
        network(config, random_ = Random(seed)) {
    // Zero-initialised heads would hide differences.
    const at::NoGradGuard noGrad;
    network.visit([&](const std::string&, Tensor& tensor, Module::Kind kind) {
      if (kind == Module::Kind::kParameter) tensor.add_(at::randn_like(tensor) * 0.05);
    });
  }

  PhotoBatch photo(std::uint64_t seed) {
    at::manual_seed(seed);
    TrunkInput input;
    input.vit = at::randn({1, 3, 56, 56});
    input.content = at::tensor({1.0F, 0.75F}).unsqueeze(0);
    return network.prepare(trunk.describe(input));
  }

  QueryTensors query(std::uint64_t seed, std::int64_t sketches = 1) {
    at::manual_seed(seed);
    return network.understand(at::rand({sketches, 1, 32, 32}), at::ones({1, sketches}));
  }

 private:
  static inline Random random_{1};
};

}  // namespace inkling
