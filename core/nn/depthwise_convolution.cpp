#include "core/nn/depthwise_convolution.h"

#include "core/base/error.h"

namespace inkling {

DepthwiseConv2d::DepthwiseConv2d(std::int64_t channels, std::int64_t kernel, Random& random,
                                 bool withBias) {
  if (kernel < 1 || kernel % 2 == 0)
    fail<UsageError>("a depthwise convolution needs an odd kernel size, not {}", kernel);
  weight =
      truncatedNormal({channels, 1, kernel, kernel}, 1.0 / static_cast<double>(kernel), random);
  parameter("weight", weight);
  if (withBias) {
    bias = at::zeros({channels});
    parameter("bias", bias);
  }
}

Tensor DepthwiseConv2d::forward(const Tensor& x) const {
  const std::int64_t padding = weight.size(2) / 2;
  return at::conv2d(x, weight, bias, {1, 1}, {padding, padding}, {1, 1}, weight.size(0));
}

}  // namespace inkling
