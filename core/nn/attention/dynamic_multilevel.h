// Dynamic multi-level attention: depthwise convolutions of several kernel sizes side by side, and a
// gate from the whole photo. Source: Wei et al., "DMFormer: Closing the Gap Between CNN and Vision
// Transformers" (2022). On the grid of tokens X [D, H, W], * being multiplication per channel:
//     X' = sum_b DW_b(X)                     branch b: depthwise, kernel size 3 + 2b, zeros around
//     V  = ReLU(W_1 mean(X) + c_1)           mean over the grid; [max(8, D / 4)]
//     A  = sigmoid(W_2 V + c_2)              the gate: one number in (0, 1) per channel and photo
//     Y  = A * (W_3 X' + c_3)                a 1x1 convolution, gated
// The authors published no code, and the paper leaves kernel sizes and widths open. Chosen here:
// one branch per head, from 3x3 on (3, 5, 7, 9 for four heads: a quarter of a 32 x 32 grid in one
// step, at 164 multiplications per number, little beside the 1x1 convolution), and a gate with a
// quarter of the channels inside, as squeeze-and-excitation has it. Linear in the number of tokens.
#pragma once

#include <memory>
#include <vector>

#include "core/nn/attention/attention.h"
#include "core/nn/depthwise_convolution.h"

namespace inkling {

/// The map [B, heads, N, N]: its "heads" are the branches. Row i of branch b says how much of the
/// branch's weight lies on each token when the kernel's middle is on token i: the sum of
/// |kernel entries| over the channels, divided by the sum over what lies inside the grid. It is
/// the same for all photos: what depends on the photo is the gate, which no token escapes.
class DynamicMultilevelSelfAttention : public SelfAttention {
 public:
  DynamicMultilevelSelfAttention(const AttentionConfig& config, Random& random);
  using SelfAttention::forward;
  AttentionResult forward(const Tensor& tokens, TokenGrid grid, AttentionPass& pass) const override;

  /// A of the photos with these tokens: [B, D], in (0, 1).
  Tensor gate(const Tensor& tokens) const;
  /// Kernel sizes of the branches.
  static std::vector<std::int64_t> kernels(std::int64_t branches);

 private:
  Tensor map(TokenGrid grid) const;

  std::vector<std::unique_ptr<DepthwiseConv2d>> branches_;
  Linear squeeze_, excite_, mix_;
};

}  // namespace inkling
