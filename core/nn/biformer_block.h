// A block of BiFormer: position by a depthwise convolution, bi-level routing attention, an MLP.
// Source: Zhu et al., "BiFormer" (CVPR 2023), class Block of the official code
// (models/biformer.py):
//     x = x + conv_3x3(x);   x = x + attn(LN(x));   x = x + MLP(LN(x))
#pragma once

#include <memory>

#include "core/nn/attention/bilevel_routing.h"

namespace inkling {

/// The constructor's arguments of the official class, with its defaults. Those of the attention
/// apply where topk > 0.
struct BiFormerBlockOptions {
  BiLevelRoutingOptions attention{.sideKernel = 5, .keyPooling = "ada_avgpool"};
  /// The attention: > 0 bi-level routing with so many regions; 0 a 5x5 depthwise convolution
  /// between two 1x1 ones; -1 plain attention; -2 plain attention plus a depthwise convolution of
  /// its *input*. The plain ones have 8 heads, scale by (width of a head)^-1/2, and no bias in q,
  /// k, v.
  std::int64_t topk = 4;
  double mlpRatio = 4;
  bool mlpConvolution = false;      ///< a 3x3 depthwise convolution before the MLP's GELU
  std::int64_t positionKernel = 3;  ///< 3, or 0 for none: the official padding fits no other
  double layerScale = -1;           ///< > 0: attention and MLP are multiplied by vectors of it
  bool preNorm = true;              ///< false: LN(x + attn(x)), LN(x + MLP(x))
  double dropPath = 0;              ///< in training, how often a photo skips attention or MLP
};

class BiFormerBlock : public Module {
 public:
  /// Throws UsageError for options that the official class refuses.
  BiFormerBlock(const BiFormerBlockOptions& options, Random& random);
  ~BiFormerBlock() override;

  /// [B, C, H, W] to the same shape.
  Tensor forward(const Tensor& photo) const;

  struct Mixer;

 private:
  struct Feedforward;
  Tensor skipSometimes(const Tensor& x) const;

  BiFormerBlockOptions options_;
  std::unique_ptr<DepthwiseConv2d> position_;
  LayerNorm norm1_, norm2_;
  std::unique_ptr<Mixer> mixer_;
  std::unique_ptr<Feedforward> mlp_;
  Tensor gamma1_, gamma2_;
};

}  // namespace inkling
