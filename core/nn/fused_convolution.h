// A convolution with its bias, activation and residual sum in one pass over memory, for inference
// on the processor.
//
// Maps are kept channels-last, where depthwise convolutions run several times faster than in
// planes. The fused operator is the one that PyTorch's compiler emits
// (mkldnn::_convolution_pointwise, over oneDNN); where the tensor library comes without it, the
// same sums are computed by separate operators. No gradients flow through.
#pragma once

#include <array>
#include <cstdint>

#include "core/nn/tensor.h"

namespace inkling {

struct FusedConvolution {
  Tensor weight;  ///< [O, I / groups, k, k]
  Tensor bias;    ///< [O]
  std::int64_t stride = 1, groups = 1;
  std::array<std::int64_t, 4> padding{};  ///< left, right, top, bottom
  bool relu6 = true;                      ///< clamp the result to 0..6

  /// Puts the weights into the layout that `forward` wants. Call once, after loading.
  void prepare();

  void moveTo(at::Device device, at::ScalarType type);

  /// x [B, I, H, W] (any layout, channels-last is fastest) to [B, O, H', W'] channels-last;
  /// `addend` (may be undefined) is added at the end and goes with `relu6` off.
  Tensor forward(const Tensor& x, const Tensor& addend = {}) const;

 private:
  Tensor kernel_;  ///< weight, channels-last, with a row and a column of zeros if the padding is
                   ///< uneven
  std::int64_t evenPadding_ = 0;
};

}  // namespace inkling
