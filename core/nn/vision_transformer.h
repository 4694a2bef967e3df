// A plain vision transformer with LayerScale: DINOv2's ViT-S/14 by default. Parameter names are
// timm's. Source: facebookresearch/dinov2 and timm's vision_transformer.py (definitions only).
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "core/nn/layers.h"

namespace inkling {

struct VisionTransformerConfig {
  std::int64_t patch = 14;  ///< pixels a token covers, each way
  std::int64_t dim = 384;
  std::int64_t heads = 6;
  std::int64_t depth =
      12;  ///< blocks that are loaded; blocks after the last one asked for are not needed
  std::int64_t tableSide = 37;  ///< the stored position table is tableSide x tableSide
};

/// What pixels of 0..1 are normalised with, by channel (ImageNet's, as DINOv2 was trained).
constexpr std::array<float, 3> kPixelMean{0.485F, 0.456F, 0.406F},
    kPixelDeviation{0.229F, 0.224F, 0.225F};

class VisionTransformer : public Module {
 public:
  VisionTransformer(const VisionTransformerConfig& config, Random& random);

  /// Called with the tokens [B, 1 + H*W, dim] that enter block `block`; returns what enters it
  /// instead. This is where early guidance fuses a sketch into the trunk.
  using Hook = std::function<Tensor(const Tensor& tokens, std::int64_t block)>;

  /// Pixels [B, 3, patch*H, patch*W], normalised, to the tokens [B, 1 + H*W, dim] that enter block
  /// 0.
  Tensor embed(const Tensor& pixels) const;

  /// Runs blocks `first` .. max(wanted) and returns, for every block in `wanted`, the tokens after
  /// it under a LayerNorm without affine (eps 1e-5): [B, 1 + H*W, dim] float32, class token first.
  std::map<std::int64_t, Tensor> run(Tensor tokens, std::int64_t first,
                                     const std::vector<std::int64_t>& wanted,
                                     const Hook& hook = {}) const;

  /// Tokens as they enter `block`, run from the embedding on.
  Tensor tokensBefore(const Tensor& pixels, std::int64_t block) const;

  const VisionTransformerConfig& config() const { return config_; }

 private:
  struct Block;
  VisionTransformerConfig config_;
  Tensor clsToken_, positionTable_, patchWeight_, patchBias_;
  std::vector<std::shared_ptr<Block>> blocks_;
};

}  // namespace inkling
