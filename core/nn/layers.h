// The usual layers, with the parameter names and the initialisation of PyTorch's. Shapes are in the
// comments: B batch, N tokens, D width, C channels, H x W grid.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/random.h"
#include "core/nn/module.h"

namespace inkling {

/// A float tensor of normal numbers with the given standard deviation, truncated at two of them.
Tensor truncatedNormal(at::IntArrayRef shape, double deviation, Random& random);
/// A float tensor of uniform numbers in [-bound, bound].
Tensor uniformTensor(at::IntArrayRef shape, double bound, Random& random);

/// y = x W^T + b over the last dimension. Xavier-uniform weights, zero bias.
struct Linear : Module {
  Tensor weight, bias;
  Linear(std::int64_t in, std::int64_t out, Random& random, bool withBias = true);
  Tensor forward(const Tensor& x) const;
  /// Zero weights and bias: the layer starts as "no change".
  void setZero();
};

/// LayerNorm over the last dimension.
struct LayerNorm : Module {
  Tensor weight, bias;
  double eps;
  explicit LayerNorm(std::int64_t dim, double epsilon = 1e-5);
  Tensor forward(const Tensor& x) const;
};

/// GroupNorm on [B, C, H, W].
struct GroupNorm : Module {
  Tensor weight, bias;
  std::int64_t groups;
  GroupNorm(std::int64_t groupCount, std::int64_t channels);
  Tensor forward(const Tensor& x) const;
};

/// 2D convolution on [B, C, H, W]; padding is (kernel - 1) / 2 on each side. He-normal weights.
struct Conv2d : Module {
  Tensor weight, bias;
  std::int64_t stride;
  Conv2d(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t step, Random& random,
         bool withBias = false);
  Tensor forward(const Tensor& x) const;
};

/// BatchNorm on [B, C, H, W] with running statistics (momentum 0.1).
struct BatchNorm2d : Module {
  Tensor weight, bias, running_mean, running_var;
  explicit BatchNorm2d(std::int64_t channels);
  Tensor forward(const Tensor& x) const;
};

/// Linear - GELU - Linear, with dropout between when training.
struct Mlp : Module {
  Linear fc1, fc2;
  double dropout;
  Mlp(std::int64_t in, std::int64_t hidden, std::int64_t out, Random& random,
      double dropoutRate = 0.0);
  Tensor forward(const Tensor& x) const;
};

/// LayerNorm over the last dimension without trained weights.
Tensor normalized(const Tensor& x);
/// Vectors of length 1 along the last dimension; 0 stays 0.
Tensor unitVectors(const Tensor& x);

/// Linear - ReLU - ... - Linear, as DETR's box head (names "layers.N").
struct ReluMlp : Module {
  std::vector<std::unique_ptr<Linear>> layers;
  ReluMlp(std::int64_t in, std::int64_t hidden, std::int64_t out, int count, Random& random);
  Tensor forward(const Tensor& x) const;
};

}  // namespace inkling
