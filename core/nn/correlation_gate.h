// Photo tokens gated by how well they go with a sketch, the cross-modal attention of Tripathi et
// al., "Sketch-Guided Object Localization in Natural Images" (ECCV 2020): photo and sketch each go
// through two layers into a common space; the strongest response of the sketch's map in each
// channel is correlated with the photo at every place, and the photo's tokens are multiplied by
// what comes out. Convolutions are 1x1 here, and a sigmoid keeps the gate between 0 and 1.
#pragma once

#include "core/nn/layers.h"

namespace inkling {

class CorrelationGate : public Module {
 public:
  CorrelationGate(std::int64_t tokenWidth, std::int64_t sketchChannels, std::int64_t dim,
                  Random& random);

  /// Tokens [B, N, tokenWidth] and the sketch's map [B, C, h, w] to gates [B, N, 1].
  Tensor gates(const Tensor& tokens, const Tensor& sketch) const;
  /// The tokens times their gates.
  Tensor forward(const Tensor& tokens, const Tensor& sketch) const {
    return tokens * gates(tokens, sketch);
  }

 private:
  Mlp photo_, sketch_;
  Tensor scale_, offset_;
};

}  // namespace inkling
