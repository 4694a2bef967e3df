// ViDT's body: a Swin Transformer whose attention also updates detection tokens, one for each
// object that may be found. Source: Song et al., "ViDT: An Efficient and Effective Fully
// Transformer-based Object Detector" (ICLR 2022); parameter names of the official code
// (methods/swin_w_ram.py, SwinTransformer after finetune_det), so published weights load as they
// are. Parameters that the official code has and never uses (norm1 to norm3, the mergings'
// expansion and norm2) are left out.
//
//   SwinRam body({.embedDim = 48}, random);                             // ViDT-Nano
//   const SwinRam::Output output = body.forward(photos, padding);
#pragma once

#include <memory>
#include <vector>

#include "core/nn/reconfigured_attention.h"

namespace inkling {

struct SwinRamConfig {
  std::int64_t patch = 4, channels = 3;
  std::int64_t embedDim = 96;  ///< width of stage 0; doubles from stage to stage
  std::vector<std::int64_t> depths{2, 2, 6, 2};
  std::vector<std::int64_t> heads{3, 6, 12, 24};
  std::int64_t window = 7;
  double mlpRatio = 4.0;
  bool qkvBias = true;
  double logitScale = 0.0;  ///< 0: one over the root of a head's width
  bool patchNorm = true;
  std::int64_t objects = 100;                ///< detection tokens
  std::int64_t positionDim = 256;            ///< width of their learned positions
  std::vector<std::int64_t> crossStages{3};  ///< where detection tokens see the photo
  bool neck = true;  ///< a decoder follows ("vidt"): the last stage's tokens are merged once more,
                     ///< to 256 channels; false is "vidt_wo_neck"
};

class SwinRam : public Module {
 public:
  /// Throws UsageError when the numbers of the configuration do not fit each other.
  SwinRam(const SwinRamConfig& config, Random& random);
  ~SwinRam() override;

  struct Output {
    /// [B, C, H, W] of stages 1, 2, 3 and, with a neck, of the last merging. (Without one, the last
    /// stage's come twice, as officially.)
    std::vector<Tensor> features;
    Tensor objects;          ///< [B, C, objects] of the last stage
    Tensor objectPositions;  ///< [1, positionDim, objects], learned
  };
  /// Photos [B, 3, H, W] of any size; `padding` [B, H, W] (bool) is true where there is no photo.
  Output forward(const Tensor& photos, const Tensor& padding) const;

 private:
  struct Block;
  struct Merging;
  struct Stage;
  struct Embedding;

  SwinRamConfig config_;
  Tensor objectTokens_, objectPositions_;
  std::unique_ptr<Embedding> embedding_;
  std::vector<std::unique_ptr<Stage>> stages_;
};

/// Sine positions of tokens on a grid, counted without the padded ones: padding [B, H, W] (bool) to
/// [B, H, W, dim]. The coordinates run up to 2 pi over what is not padding; dim is a multiple of 4.
Tensor maskedSinePosition(const Tensor& padding, std::int64_t dim);

}  // namespace inkling
