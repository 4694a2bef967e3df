// The guided encoder: photo tokens look at each other and at the sketch. Each layer is
// self-attention (any mechanism of nn/attention), cross-attention to the sketch tokens, and an MLP,
// all with LayerNorm in front and a residual around. Where photo and sketch do not attend to each
// other (GuidanceConfig), there is no cross-attention; "concat" puts the sketch's vector beside
// every token that comes in.
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
  /// `summaryWidth`: of the sketch's vector; `grid`: the usual one.
  GuidedEncoder(const GuidanceConfig& config, std::int64_t tokenWidth, std::int64_t summaryWidth,
                TokenGrid grid, Random& random);

  struct Output {
    Tensor tokens;                      ///< [B, N, dim]
    Tensor relevance;                   ///< [B, N] logit that the token lies on a wanted object
    std::vector<AttentionResult> self;  ///< per layer, without tokens; empty unless asked for
    std::vector<Tensor> sketchMaps;     ///< per layer [B, heads, N, M]; likewise, or without any
  };

  /// Trunk tokens [B, N, tokenWidth].
  Output forward(const Tensor& tokens, TokenGrid grid, const QueryTensors& query,
                 bool wantMaps) const;

 private:
  Tensor project(const Tensor& tokens, TokenGrid grid, const QueryTensors& query) const;

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
