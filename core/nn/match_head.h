// The matching embedding: boxes of photos and sketches in one space, where an object lies near its drawing.
//
// Photo side: each kind of region feature through a linear map, summed. Sketch side: a small MLP on the sketch encoder's
// summary. The score of a pair is a scaled cosine plus an MLP that also sees how much the box stands out in its photo,
// how likely it holds any object, its size, and how sure the sketch encoder is of what it sees. That makes scores of
// different photos and sketches comparable.
#pragma once

#include "core/nn/layers.h"
#include "core/nn/model_config.h"
#include "core/nn/region_features.h"

namespace inkling {

class MatchHead : public Module {
 public:
  MatchHead(const ModelConfig& config, Random& random);

  /// [B, P, matchDim] unit vectors.
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
  Mlp scorer_;
  Tensor scale_, offset_, contrastScale_;
};

/// One minus the entropy of softmax(logits) over its maximum: [B].
Tensor certaintyOf(const Tensor& logits);

}  // namespace inkling
