// The numbers of a tensor as plain C++ values.
#pragma once

#include <vector>

#include "core/nn/tensor.h"

namespace inkling {

inline std::vector<float> floatsOf(const Tensor& tensor) {
  const Tensor plain = tensor.to(at::kCPU, at::kFloat).contiguous();
  return {plain.data_ptr<float>(), plain.data_ptr<float>() + plain.numel()};
}

}  // namespace inkling
