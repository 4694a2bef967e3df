// Mixed precision: matrix products and convolutions in a half type, everything that sums many
// numbers (norms, softmax, losses) in float32, weights in float32 throughout (Micikevicius et al.,
// 2018; LibTorch's autocast). With bfloat16 gradients have the range of float32, so losses need no
// scaling.
//
//   {
//     const MixedPrecision mixed(device.type(), at::kBFloat16);
//     loss = network.forward(batch);
//   }
//   loss.backward();
#pragma once

#include "core/nn/tensor.h"

namespace inkling {

/// Acts for the operators of this thread while it lives. `type` kFloat: does nothing.
class MixedPrecision {
 public:
  MixedPrecision(at::DeviceType device, at::ScalarType type);
  ~MixedPrecision();
  MixedPrecision(const MixedPrecision&) = delete;
  MixedPrecision& operator=(const MixedPrecision&) = delete;

 private:
  at::DeviceType device_;
  bool acts_, before_ = false;
  at::ScalarType typeBefore_ = at::kFloat;
};

/// Half types as float32, others as they are: for numbers that count, add up or become a loss.
inline Tensor widened(const Tensor& tensor) {
  return at::isReducedFloatingType(tensor.scalar_type()) ? tensor.to(at::kFloat) : tensor;
}

}  // namespace inkling
