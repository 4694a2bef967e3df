// The decoder: object queries start from the proposals that match the sketch, look at the guided
// tokens around them (deformable attention), and are refined against the sketch as in LocFormer:
// objects attend to the sketch, then the sketch to the refined objects, and the changed sketch
// carries on. Boxes are corrected layer by layer; scores start from the matching score and are
// corrected too, so that an untrained decoder changes nothing. Where photo and sketch do not attend
// to each other (GuidanceConfig), the sketch's vector stands beside each object instead. Sources:
// Deformable DETR (two-stage, iterative refinement), LocFormer (refinement; see
// locformer_fusion.h).
#pragma once

#include <memory>
#include <vector>

#include "core/nn/attention/attention.h"
#include "core/nn/model_config.h"
#include "core/nn/sketch_query.h"

namespace inkling {

class Decoder : public Module {
 public:
  /// `objectWidth`: of what is known of the objects; `summaryWidth`: of the sketch's vector.
  Decoder(const GuidanceConfig& config, std::int64_t objectWidth, std::int64_t summaryWidth,
          Random& random);

  struct Input {
    Tensor embedding;    ///< [B, Q, objectWidth] of the chosen proposals, values about 1
    Tensor boxes;        ///< [B, Q, 4] cxcywh in 0..1
    Tensor matchLogits;  ///< [B, Q]
    Tensor relevance;    ///< [B, Q] mean relevance logit of the guided tokens in each box
    Tensor valid;        ///< [B, Q] bool
    Tensor memory;       ///< [B, N, dim] guided tokens
    TokenGrid grid;
  };
  struct LayerOutput {
    Tensor boxes;      ///< [B, Q, 4]
    Tensor logits;     ///< [B, Q]
    Tensor locations;  ///< [B, Q, heads, 1, points, 2] where each object looked
  };
  /// One output a layer, the last is the result.
  std::vector<LayerOutput> forward(const Input& input, const QueryTensors& query) const;

  ~Decoder() override;

 private:
  struct Layer;
  GuidanceConfig config_;
  Linear embedding_;
  std::vector<std::unique_ptr<Layer>> layers_;
};

}  // namespace inkling
