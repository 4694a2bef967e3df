// SwiftFormer: a convolutional network whose stages end in efficient additive attention. Source:
// Shaker et al., "SwiftFormer: Efficient Additive Attention for Transformer-based Real-time Mobile
// Vision Applications" (ICCV 2023); parameter names of the official code (models/swiftformer.py),
// so published weights load as they are.
//
//   SwiftFormer network(SwiftFormerConfig::named("S"), random);
//   network.load(weights, "swiftformer-s.safetensors");
//   const Tensor logits = network.forward(photos);                     // [B, 3, H, W] to [B, 1000]
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/nn/attention/additive.h"
#include "core/nn/depthwise_convolution.h"
#include "core/nn/layers.h"

namespace inkling {

/// [B, C, H, W] to [B, C, H, W].
struct SwiftFormerBlock : Module {
  virtual Tensor forward(const Tensor& x) const = 0;
};

/// x + scale * pwconv2(GELU(pwconv1(BN(dwconv(x))))), the scale per channel (1 at the start; absent
/// on request). With `hidden` = `dim` it is the local representation of an encoder block.
struct SwiftFormerConvEncoder : SwiftFormerBlock {
  DepthwiseConv2d dwconv;
  BatchNorm2d norm;
  Conv2d pwconv1, pwconv2;
  Tensor layer_scale;

  SwiftFormerConvEncoder(std::int64_t dim, std::int64_t hidden, std::int64_t kernel, Random& random,
                         bool withScale = true);
  Tensor forward(const Tensor& x) const override;
};

/// fc2(GELU(fc1(BN(x)))) of every position by itself.
struct SwiftFormerMlp : Module {
  BatchNorm2d norm1;
  Conv2d fc1, fc2;
  SwiftFormerMlp(std::int64_t dim, std::int64_t hidden, Random& random);
  Tensor forward(const Tensor& x) const;
};

/// Local representation, then additive attention and an MLP with a residual around each, scaled per
/// channel (by `scaleAtStart` before any training; 0: without scales).
struct SwiftFormerEncoder : SwiftFormerBlock {
  SwiftFormerConvEncoder local_representation;
  AdditiveAttention attn;
  SwiftFormerMlp linear;
  Tensor layer_scale_1, layer_scale_2;

  SwiftFormerEncoder(std::int64_t dim, double mlpRatio, Random& random, double scaleAtStart = 1e-5);
  Tensor forward(const Tensor& x) const override;
};

struct SwiftFormerConfig {
  std::vector<std::int64_t> layers{3, 3, 6, 4};           ///< blocks per stage
  std::vector<std::int64_t> embedDims{48, 56, 112, 220};  ///< channels per stage
  /// Whether the grid shrinks after a stage; it always does where the channels change.
  std::vector<bool> downsamples{true, true, true, true};
  double mlpRatio = 4.0;
  std::int64_t attentionBlocks = 1;  ///< this many last blocks of a stage have attention
  std::int64_t classes = 1000;       ///< 0: no head, the output is the mean feature
  bool distillation = true;          ///< a second head, trained on a teacher's answers
  std::int64_t downKernel = 3, downStride = 2, downPadding = 1;
  double scaleAtStart = 1e-5;  ///< of the attention blocks' layer scales; 0: without them
  bool featuresOnly = false;   ///< no heads; a BatchNorm for each stage's features

  /// The published sizes XS, S, L1 and L3; throws UsageError for others.
  static SwiftFormerConfig named(const std::string& size);
};

class SwiftFormer : public Module {
 public:
  /// Throws UsageError when the lists of the configuration do not fit each other.
  SwiftFormer(const SwiftFormerConfig& config, Random& random);

  /// Photos [B, 3, H, W] to logits [B, classes]: the mean of both heads, if there are two.
  Tensor forward(const Tensor& photos) const;
  /// Both heads' logits, as they are trained; the second is undefined without distillation.
  std::pair<Tensor, Tensor> heads(const Tensor& photos) const;
  /// With `featuresOnly`: the normalized features of the four stages, [B, C, H, W] each.
  std::vector<Tensor> features(const Tensor& photos) const;

 private:
  struct Stem;
  struct Downsampling;
  struct Step;
  void addSteps(Random& random);
  void addHeads(Random& random);

  SwiftFormerConfig config_;
  std::unique_ptr<Stem> stem_;
  std::vector<Step> steps_;
  std::vector<std::unique_ptr<BatchNorm2d>> norms_;
  std::unique_ptr<Linear> head_, distilledHead_;

 public:
  ~SwiftFormer() override;
};

}  // namespace inkling
