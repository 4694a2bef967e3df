// Bi-level routing attention: first each region of the grid chooses the few regions that suit it,
// then its tokens attend to the tokens of those only. Source: Zhu et al., "BiFormer: Vision
// Transformer with Bi-Level Routing Attention" (CVPR 2023):
//     q, k, v = W x;   q^r, k^r = means of q and k over each region
//     I^r     = the k largest of q^r (k^r)^T, row by row                     (region to region)
//     y       = Wo (softmax(q [k of I^r]^T / sqrt(width)) [v of I^r] + conv_5x5(v))
// where width is that of all heads together, as published. With S^2 regions of N tokens it costs
// O(S^4 + k N^2 / S^2): O(N^(4/3)) if S grows with N^(1/3).
//
// Three forms: the two official modules, which differ where the regions do not divide the grid, and
// the mechanism of the guided encoder.
#pragma once

#include <memory>
#include <string>

#include "core/nn/attention/attention.h"
#include "core/nn/attention/region_routing.h"
#include "core/nn/depthwise_convolution.h"

namespace inkling {

/// The constructor's arguments of the official classes, with their defaults.
struct BiLevelRoutingOptions {
  std::int64_t dim = 0;
  std::int64_t heads = 8;
  std::int64_t regionsPerSide = 7;
  std::int64_t choices = 4;
  double scale = 0;             ///< 0: (width of queries)^-1/2
  std::int64_t sideKernel = 3;  ///< of the convolution of v; 0: none
  bool autoPad = false;

  // Not in the newer module:
  std::int64_t queryDim = 0;  ///< of queries and keys; 0: dim
  bool softRouting = false;   ///< keys and values are multiplied by softmax(chosen logits)
  bool diffRouting = false;   ///< gradients go through the logits; needs soft routing
  bool paramRouting = false;  ///< a layer before routing; needs diffRouting
  bool projectOutput = true;  ///< param_attention "qkvo"; false: "qkv"
  /// What is done to each region's keys and values: "identity", "ada_avgpool" or "ada_maxpool" to
  /// pooledSide x pooledSide, "avgpool" or "maxpool" by poolRatio.
  std::string keyPooling = "identity";
  std::int64_t pooledSide = 4, poolRatio = 4;
};

/// Class BiLevelRoutingAttention (ops/bra_legacy.py), photos [B, H, W, C]. With autoPad, zeros are
/// put around the *input*, so tokens beyond the grid hold the bias and count in every mean and
/// softmax; without it the regions must divide the grid.
struct BiLevelRoutingAttention : Module {
  /// Throws UsageError for options that the official class refuses.
  BiLevelRoutingAttention(const BiLevelRoutingOptions& options, Random& random);

  struct Result {
    Tensor output;  ///< [B, H, W, C]
    Tensor logits;  ///< [B, R, R] of the routing
    Tensor chosen;  ///< [B, R, k], best first
    Tensor shares;  ///< [B, R, k], softmax of the chosen logits
  };
  /// Throws InputError where the official module fails: sizes that the regions do not divide.
  Result forward(const Tensor& photo) const;

 private:
  Tensor pooled(const Tensor& regions, TokenGrid region) const;

  BiLevelRoutingOptions options_;
  std::unique_ptr<DepthwiseConv2d> lepe_;
  Linear qkv_;
  std::unique_ptr<Linear> output_, embedding_;
};

/// Class nchwBRA (ops/bra_nchw.py), photos [B, C, H, W]. Regions of floor(H / S) x floor(W / S)
/// tokens, so there are more than S x S where S does not divide the grid; zeros are put around
/// queries, keys and values: they count in the softmax, but not in the means. `autoPad` changes
/// nothing there.
struct NchwBiLevelRoutingAttention : Module {
  NchwBiLevelRoutingAttention(const BiLevelRoutingOptions& options, Random& random);

  struct Result {
    Tensor output;  ///< [B, C, H, W]
    Tensor logits;  ///< [B, R, R]
    Tensor chosen;  ///< [B, R, k], best first
  };
  /// Throws InputError for a photo with fewer rows or columns than regions.
  Result forward(const Tensor& photo) const;

 private:
  BiLevelRoutingOptions options_;
  std::unique_ptr<DepthwiseConv2d> lepe_;
  Tensor qkvWeight_, qkvBias_, outputWeight_, outputBias_;
};

/// The mechanism "bilevel-routing". Regions are squares of side 2 round(0.6 N^(1/6)) tokens, N the
/// tokens of the grid (4 x 4 for 32 x 32, 6 x 6 for 128 x 128), each with the 8 regions that suit
/// it best: 128 of the 1024 tokens of a 32 x 32 grid. (BiFormer's stages: 4 of 49 regions at 28 x
/// 28, 16 of 49 at 14 x 14.) Regions at the edge may be smaller; what lies beyond the grid counts
/// nowhere, in no mean and no softmax.
///
/// Where no gradients are wanted, a kernel of core/kernels computes all that follows the choice in
/// one pass without gathering keys.
class BiLevelRoutingSelfAttention : public SelfAttention {
 public:
  static constexpr std::int64_t kChoices = 8;
  BiLevelRoutingSelfAttention(const AttentionConfig& config, Random& random);
  using SelfAttention::forward;
  /// With the map: `regions` and `regionGrid` of the result too.
  AttentionResult forward(const Tensor& tokens, TokenGrid grid, AttentionPass& pass) const override;

  /// How a grid is cut.
  static RegionCut cutOf(TokenGrid grid);

 private:
  Tensor choose(const Tensor& tokens, const RegionCut& cut) const;
  /// What comes before the last layer, [B, N, D], of queries, keys and values [B, N, 3D].
  Tensor attend(const Tensor& qkv, const Tensor& chosen, const RegionCut& cut, Tensor* map) const;
  Tensor attendFused(const Tensor& qkv, const Tensor& chosen, const RegionCut& cut) const;

  std::int64_t heads_;
  double scale_;
  Linear qkv_;
  DepthwiseConv2d local_;
  Linear output_;
};

}  // namespace inkling
