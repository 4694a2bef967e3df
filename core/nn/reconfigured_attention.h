// ViDT's reconfigured attention module: Swin's window attention, among whose tokens are detection
// tokens that attend to each other and, where it is wanted, to all of the photo. Source: Song et
// al., "ViDT: An Efficient and Effective Fully Transformer-based Object Detector" (ICLR 2022),
// class ReconfiguredAttentionModule of the official code; window attention after Liu et al., "Swin
// Transformer" (ICCV 2021). All share one set of parameters:
//   photo x photo       inside windows of `window` x `window` tokens, with a bias by how the two
//                       lie to each other
//   object x object     all detection tokens, or
//   object x all        all detection tokens and all tokens of the photo
// Photo tokens never see detection tokens.
#pragma once

#include "core/nn/layers.h"

namespace inkling {

struct ReconfiguredAttention : Module {
  Tensor relative_position_bias_table;  ///< [(2 window - 1)^2, heads]
  Linear qkv, proj;
  std::int64_t window, heads;
  double scale;

  /// `logitScale` 0: one over the root of a head's width.
  ReconfiguredAttention(std::int64_t dim, std::int64_t windowSize, std::int64_t headCount,
                        bool qkvBias, double logitScale, Random& random);

  struct Tokens {
    Tensor photo;    ///< [B, H, W, D]; H and W are multiples of `window`
    Tensor objects;  ///< [B, M, D]
  };
  /// What detection tokens see of the photo.
  struct Cross {
    Tensor photo;  ///< [B, N, D]; undefined: nothing
    Tensor bias;   ///< [B, 1, 1, N], added to the logits (-100 for padding); may be undefined
  };
  /// `windowBias` [windows, window^2, window^2], or undefined, is added to the logits of photo
  /// tokens: -100 between tokens that only a cyclic shift made neighbours.
  Tokens forward(const Tokens& tokens, const Tensor& windowBias, const Cross& cross) const;

 private:
  Tensor amongPhoto(const Tensor& qkvOfPhoto, const Tensor& windowBias) const;
  Tensor amongObjects(const Tensor& qkvOfObjects, const Tensor& qkvOfCross,
                      const Tensor& crossBias) const;

  Tensor positionIndex_;  ///< [window^4], row of the table for each pair of a window's tokens
};

/// [B, H, W, C] to windows [B * windows, window^2, C], row by row.
Tensor intoWindows(const Tensor& grid, std::int64_t window);
/// The reverse, to [B, height, width, C].
Tensor fromWindows(const Tensor& windows, std::int64_t window, std::int64_t height,
                   std::int64_t width);
/// The bias of windows over a grid that was shifted by `shift` up and left: [windows, window^2,
/// window^2], 0 or -100. Height and width are multiples of `window`.
Tensor shiftedWindowBias(std::int64_t height, std::int64_t width, std::int64_t window,
                         std::int64_t shift);

}  // namespace inkling
