#include "core/nn/position.h"

#include <cmath>
#include <numbers>

namespace inkling {
namespace {

// [..., n] values in 0..2pi to [..., n, features] interleaved sine and cosine.
Tensor interleavedSine(const Tensor& values, std::int64_t features) {
  const Tensor index = at::arange(features, values.options());
  const Tensor frequency =
      at::pow(10000.0, 2.0 * at::floor(index / 2) / static_cast<double>(features));
  const Tensor angle = values.unsqueeze(-1) / frequency;
  const Tensor even = angle.slice(-1, 0, features, 2).sin();
  const Tensor odd = angle.slice(-1, 1, features, 2).cos();
  return at::stack({even, odd}, -1).flatten(-2);
}

Tensor gridPosition(const Tensor& rows, const Tensor& columns, std::int64_t dim) {
  const std::int64_t height = rows.size(0), width = columns.size(0), half = dim / 2;
  const Tensor y = interleavedSine(rows, half).unsqueeze(1).expand({height, width, half});
  const Tensor x = interleavedSine(columns, half).unsqueeze(0).expand({height, width, half});
  return at::cat({y, x}, -1).reshape({1, height * width, dim});
}

}  // namespace

Tensor sineGridPosition(std::int64_t height, std::int64_t width, std::int64_t dim,
                        at::Device device) {
  constexpr double kScale = 2.0 * std::numbers::pi;
  constexpr double kEpsilon = 1e-6;
  const auto options = at::TensorOptions(at::kFloat).device(device);
  const Tensor rows =
      at::arange(1, height + 1, options) / (static_cast<double>(height) + kEpsilon) * kScale;
  const Tensor columns =
      at::arange(1, width + 1, options) / (static_cast<double>(width) + kEpsilon) * kScale;
  return gridPosition(rows, columns, dim);
}

Tensor sineCountPosition(std::int64_t height, std::int64_t width, std::int64_t dim,
                         at::Device device) {
  const auto options = at::TensorOptions(at::kFloat).device(device);
  return gridPosition(at::arange(1, height + 1, options), at::arange(1, width + 1, options), dim);
}

Tensor sineBoxPosition(const Tensor& boxes, std::int64_t dim) {
  return interleavedSine(boxes * (2.0 * std::numbers::pi), dim / 4).flatten(-2);
}

}  // namespace inkling
