// The guided encoder: photo tokens look at each other and at the sketch. Each layer is
// self-attention (any mechanism of nn/attention), cross-attention to the sketch tokens, and an MLP,
// all with LayerNorm in front and a residual around.
#pragma once

#include <memory>
#include <vector>

#include "core/nn/attention/attention.h"
#include "core/nn/attention/multi_head.h"
#include "core/nn/model_config.h"
#include "core/nn/sketch_query.h"

namespace inkling {

class GuidedEncoder : public Module {
 public:
  GuidedEncoder(const GuidanceConfig& config, std::int64_t tokenWidth, Random& random);

  struct Output {
    Tensor tokens;                   ///< [B, N, dim]
    Tensor relevance;                ///< [B, N] logit that the token lies on a wanted object
    std::vector<Tensor> selfMaps;    ///< per layer [B, heads, N, N]; empty unless asked for
    std::vector<Tensor> sketchMaps;  ///< per layer [B, heads, N, M]; empty unless asked for
  };

  /// Trunk tokens [B, N, tokenWidth] to the encoder's width [B, N, dim], positions added; needs no
  /// sketch.
  Tensor project(const Tensor& tokens, TokenGrid grid) const;

  Output forward(const Tensor& projected, TokenGrid grid, const QueryTensors& query,
                 bool wantMaps) const;

 private:
  struct Layer;
  GuidanceConfig config_;
  Linear input_;
  std::vector<std::unique_ptr<Layer>> layers_;
  LayerNorm norm_;
  Linear relevance_;

 public:
  ~GuidedEncoder() override;
};

}  // namespace inkling
