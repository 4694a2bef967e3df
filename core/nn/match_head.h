// The matching embedding: boxes of photos and sketches in one space, where an object lies near its drawing.
//
// Photo side: each kind of region feature through a linear map, summed. Sketch side: a small MLP on the sketch encoder's
// summary. The logit of a pair is 8 times the cosine plus the log of the detector's objectness plus a trained offset. The
// weights of further evidence (how much the box stands out, its size, the sketch encoder's certainty) are stored and 0:
// trained ones, and an MLP on the product of the embeddings more so, learned the training photos by heart.
#pragma once

#include "core/nn/layers.h"
#include "core/nn/model_config.h"
#include "core/nn/region_features.h"

namespace inkling {

class MatchHead : public Module {
 public:
  MatchHead(const ModelConfig& config, Random& random);

  /// [B, P, matchDim] unit vectors. In training a whole kind of feature is left out for a quarter of the regions, so that
  /// none is relied on alone: a thousand photos are soon learned by heart otherwise.
  Tensor embedRegions(const RegionFeatures& regions) const;

  /// Sketch summaries [B, 2C] to unit vectors [B, matchDim].
  Tensor embedSketches(const Tensor& summaries) const;

  /// Logits [B, P] of embedded regions [B, P, D] against embedded sketches [B, D]; `certainty` [B] in 0..1 (one minus
  /// the normalised entropy of the sketch's words).
  Tensor score(const RegionFeatures& regions, const Tensor& regionEmbedding, const Tensor& sketchEmbedding,
               const Tensor& certainty) const;

  /// Inverse temperature of the contrastive loss.
  Tensor contrastScale() const { return contrastScale_.exp().clamp_max(100); }

 private:
  double dropout_;
  Linear tokens_;
  std::unique_ptr<Linear> cnn_, classes_;
  LayerNorm sketchNorm_;
  Mlp sketch_;
  Linear extras_;  ///< weights of everything but the cosine
  Tensor scale_, offset_, contrastScale_;
};

/// One minus the entropy of softmax(logits) over its maximum: [B].
Tensor certaintyOf(const Tensor& logits);

}  // namespace inkling
