#include "core/nn/efficientnet.h"

#include <array>

#include "core/base/error.h"

namespace inkling {
namespace {

struct Stage {
  int repeats;
  std::int64_t kernel, stride, expand, out;
};
// B0's stages with width 1.1 and depth 1.2; the first and last are not repeated.
constexpr std::array<Stage, 7> kStages{{{1, 3, 1, 1, 16},
                                        {3, 3, 2, 6, 24},
                                        {3, 5, 2, 6, 48},
                                        {4, 3, 2, 6, 88},
                                        {4, 5, 1, 6, 120},
                                        {5, 5, 2, 6, 208},
                                        {1, 3, 1, 6, 352}}};

// TensorFlow's "same" for a side of `size`: the sum over both ends is split with the larger part at
// the far end.
std::array<std::int64_t, 4> samePadding(std::int64_t size, std::int64_t kernel,
                                        std::int64_t stride) {
  const std::int64_t out = (size + stride - 1) / stride;
  const std::int64_t total = std::max<std::int64_t>((out - 1) * stride + kernel - size, 0);
  return {total / 2, total - total / 2, total / 2, total - total / 2};
}

struct FoldedWeights {
  Tensor weight, bias;
};

FoldedWeights foldBatchNorm(const StateDict& state, const std::string& convolution,
                            const std::string& norm, const std::string& source) {
  const auto get = [&](const std::string& name) {
    return requireTensor(state, name, source).to(at::kFloat);
  };
  const Tensor scale = get(norm + ".weight") / at::sqrt(get(norm + ".running_var") + 1e-3);
  const Tensor weight = get(convolution + ".weight") * scale.reshape({-1, 1, 1, 1});
  return {weight, get(norm + ".bias") - get(norm + ".running_mean") * scale};
}

}  // namespace

EfficientNetLite::EfficientNetLite(const StateDict& state, const std::string& source,
                                   const std::string& prefix) {
  const bool folded = state.contains(prefix + "conv0.weight");
  std::int64_t size = 260;
  const auto add = [&](const std::string& conv, const std::string& norm, std::int64_t kernel,
                       std::int64_t stride, bool depthwise) -> Layer& {
    Layer layer;
    FusedConvolution& c = layer.convolution;
    if (folded) {
      const std::string name = prefix + "conv" + std::to_string(layers_.size());
      c.weight = requireTensor(state, name + ".weight", source).to(at::kFloat);
      c.bias = requireTensor(state, name + ".bias", source).to(at::kFloat);
    } else {
      const FoldedWeights weights = foldBatchNorm(state, prefix + conv, prefix + norm, source);
      c.weight = weights.weight;
      c.bias = weights.bias;
    }
    if (c.weight.dim() != 4 || c.weight.size(2) != kernel)
      fail<ModelError>("{}: \"{}\" is no {}x{} convolution", source, conv, kernel, kernel);
    c.stride = stride;
    c.groups = depthwise ? c.weight.size(0) : 1;
    c.padding = samePadding(size, kernel, stride);
    size = (size + stride - 1) / stride;
    return layers_.emplace_back(std::move(layer));
  };

  add("_conv_stem", "_bn0", 3, 2, false);
  std::int64_t channels = 32;
  int block = 0;
  for (const Stage& stage : kStages) {
    for (int i = 0; i < stage.repeats; ++i, ++block) {
      const std::string base = "_blocks." + std::to_string(block) + ".";
      const std::int64_t stride = i == 0 ? stage.stride : 1;
      const std::size_t first = layers_.size();
      if (stage.expand != 1) add(base + "_expand_conv", base + "_bn0", 1, 1, false);
      add(base + "_depthwise_conv", base + "_bn1", stage.kernel, stride, true);
      Layer& project = add(base + "_project_conv", base + "_bn2", 1, 1, false);
      project.convolution.relu6 = false;
      project.addInput = stride == 1 && channels == stage.out;
      layers_[first].opensBlock = true;
      channels = stage.out;
    }
  }
  add("_conv_head", "_bn1", 1, 1, false);
  for (Layer& layer : layers_) layer.convolution.prepare();
  if (state.contains(prefix + "_fc.weight")) {
    classifierWeight_ = requireTensor(state, prefix + "_fc.weight", source).to(at::kFloat);
    classifierBias_ = requireTensor(state, prefix + "_fc.bias", source).to(at::kFloat);
  }
}

void EfficientNetLite::moveTo(at::Device device, at::ScalarType type) {
  for (Layer& layer : layers_) layer.convolution.moveTo(device, type);
  if (!hasClassifier()) return;
  classifierWeight_ = classifierWeight_.to(device, type);
  classifierBias_ = classifierBias_.to(device, type);
}

Tensor EfficientNetLite::features(const Tensor& pixels) const {
  Tensor x = pixels, shortcut;
  for (const Layer& layer : layers_) {
    if (layer.opensBlock) shortcut = x;
    x = layer.convolution.forward(x, layer.addInput ? shortcut : Tensor());
  }
  return x.contiguous();
}

Tensor EfficientNetLite::logits(const Tensor& features) const {
  return at::linear(features.mean({2, 3}), classifierWeight_, classifierBias_);
}

StateDict EfficientNetLite::foldedState() const {
  StateDict state;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    state["conv" + std::to_string(i) + ".weight"] = layers_[i].convolution.weight;
    state["conv" + std::to_string(i) + ".bias"] = layers_[i].convolution.bias;
  }
  return state;
}

}  // namespace inkling
