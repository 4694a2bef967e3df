#include "core/nn/layers.h"

#include <cmath>

namespace inkling {

Tensor truncatedNormal(at::IntArrayRef shape, double deviation, Random& random) {
  Tensor tensor = at::empty(shape, at::kFloat);
  float* values = tensor.data_ptr<float>();
  for (std::int64_t i = 0; i < tensor.numel(); ++i) {
    double value = random.normal();
    while (std::abs(value) > 2.0) value = random.normal();
    values[i] = static_cast<float>(value * deviation);
  }
  return tensor;
}

Tensor uniformTensor(at::IntArrayRef shape, double bound, Random& random) {
  Tensor tensor = at::empty(shape, at::kFloat);
  float* values = tensor.data_ptr<float>();
  for (std::int64_t i = 0; i < tensor.numel(); ++i)
    values[i] = static_cast<float>(random.uniform(-bound, bound));
  return tensor;
}

Linear::Linear(std::int64_t in, std::int64_t out, Random& random, bool withBias)
    : weight(uniformTensor({out, in}, std::sqrt(6.0 / static_cast<double>(in + out)), random)) {
  parameter("weight", weight);
  if (withBias) {
    bias = at::zeros({out});
    parameter("bias", bias);
  }
}

Tensor Linear::forward(const Tensor& x) const { return at::linear(x, weight, bias); }

void Linear::setZero() {
  weight.zero_();
  if (bias.defined()) bias.zero_();
}

LayerNorm::LayerNorm(std::int64_t dim, double epsilon)
    : weight(at::ones({dim})), bias(at::zeros({dim})), eps(epsilon) {
  parameter("weight", weight);
  parameter("bias", bias);
}

Tensor LayerNorm::forward(const Tensor& x) const {
  return at::layer_norm(x, {x.size(-1)}, weight, bias, eps);
}

GroupNorm::GroupNorm(std::int64_t groupCount, std::int64_t channels)
    : weight(at::ones({channels})), bias(at::zeros({channels})), groups(groupCount) {
  parameter("weight", weight);
  parameter("bias", bias);
}

Tensor GroupNorm::forward(const Tensor& x) const { return at::group_norm(x, groups, weight, bias); }

Conv2d::Conv2d(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t step,
               Random& random, bool withBias)
    : weight(truncatedNormal({out, in, kernel, kernel},
                             std::sqrt(2.0 / static_cast<double>(in * kernel * kernel)), random)),
      stride(step) {
  parameter("weight", weight);
  if (withBias) {
    bias = at::zeros({out});
    parameter("bias", bias);
  }
}

Tensor Conv2d::forward(const Tensor& x) const {
  const std::int64_t padding = (weight.size(2) - 1) / 2;
  return at::conv2d(x, weight, bias, {stride, stride}, {padding, padding});
}

BatchNorm2d::BatchNorm2d(std::int64_t channels)
    : weight(at::ones({channels})),
      bias(at::zeros({channels})),
      running_mean(at::zeros({channels})),
      running_var(at::ones({channels})) {
  parameter("weight", weight);
  parameter("bias", bias);
  buffer("running_mean", running_mean);
  buffer("running_var", running_var);
}

Tensor BatchNorm2d::forward(const Tensor& x) const {
  return at::batch_norm(x, weight, bias, running_mean, running_var, training(), 0.1, 1e-5, false);
}

Mlp::Mlp(std::int64_t in, std::int64_t hidden, std::int64_t out, Random& random, double dropoutRate)
    : fc1(in, hidden, random), fc2(hidden, out, random), dropout(dropoutRate) {
  child("fc1", fc1);
  child("fc2", fc2);
}

Tensor Mlp::forward(const Tensor& x) const {
  return fc2.forward(at::dropout(at::gelu(fc1.forward(x)), dropout, training()));
}

ReluMlp::ReluMlp(std::int64_t in, std::int64_t hidden, std::int64_t out, int count,
                 Random& random) {
  for (int i = 0; i < count; ++i) {
    layers.push_back(
        std::make_unique<Linear>(i == 0 ? in : hidden, i + 1 == count ? out : hidden, random));
    child("layers." + std::to_string(i), *layers.back());
  }
}

Tensor ReluMlp::forward(const Tensor& x) const {
  Tensor y = x;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    y = layers[i]->forward(y);
    if (i + 1 < layers.size()) y = at::relu(y);
  }
  return y;
}

Tensor normalized(const Tensor& x) { return at::layer_norm(x, {x.size(-1)}, {}, {}, 1e-5); }

Tensor unitVectors(const Tensor& x) { return x / x.norm(2, -1, true).clamp_min(1e-6); }

}  // namespace inkling
