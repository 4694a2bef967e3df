// Fusion of one or several sketches into one query. Permutation-invariant, for any count, with a weight a sketch, and
// for one sketch equal to not fusing at all. What it learns is how much each drawing is to be trusted.
//
// The published form of LocFormer's sketch fusion is not available (its code is not released); this one is ours: the
// embeddings are averaged with learned softmax weights, the tokens form one set whose members carry the same weights as
// a bias on the attention logits.
#pragma once

#include "core/nn/layers.h"
#include "core/nn/model_config.h"
#include "core/nn/sketch_encoder.h"
#include "core/nn/sketch_query.h"

namespace inkling {

class SketchFusion : public Module {
 public:
  SketchFusion(const ModelConfig& config, Random& random);

  /// `encoded` holds B * K sketches (query by query), `embeddings` [B * K, embeddingWidth] their unit vectors; `weights`
  /// [B, K] >= 0, 0 leaves a sketch out (at least one a query is positive).
  QueryTensors forward(const SketchEncoder::Output& encoded, const Tensor& embeddings, const Tensor& weights) const;

 private:
  Linear trust_;      ///< summary to the log of a sketch's share
  Linear mapToToken_, embeddingToToken_;
  Tensor nothing_;    ///< the token a photo place attends to when no part of the sketch is there
  Tensor kind_;       ///< tells embedding tokens from map tokens
};

}  // namespace inkling
