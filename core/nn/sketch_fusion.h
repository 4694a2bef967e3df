// Fusion of one or several sketches into one query. Permutation-invariant, for any count, with a
// weight a sketch, and for one sketch equal to not fusing at all.
//
// The words that the drawings show: each drawing is a witness, and their log probabilities are
// averaged with shares that depend on how much each is to be trusted. Independent witnesses
// multiply, so the average is sharpened by n^s, where n is the effective number of drawings and s
// is learned: 0 would be a mean opinion, 1 a product of experts. Drawings that are alike tell
// little more than one of them, so n = 1 / sum_ij w_i w_j r_ij with shares w and redundancy r =
// exp(-k (1 - cos)) of their summaries, k learned (Kish's effective sample size, with correlation):
// one drawing has n = 1, and so has the same drawing given twice. Embeddings are averaged with the
// same shares; the tokens form one set whose members carry the shares as a bias on the attention
// logits.
//
// The published form of LocFormer's sketch fusion is not available (its code is not released); this
// one is ours. Products of experts: Hinton (2002); logarithmic opinion pools: Genest and Zidek
// (1986); Kish, "Survey Sampling" (1965).
#pragma once

#include "core/nn/layers.h"
#include "core/nn/match_head.h"
#include "core/nn/model_config.h"
#include "core/nn/sketch_encoder.h"
#include "core/nn/sketch_query.h"

namespace inkling {

class SketchFusion : public Module {
 public:
  SketchFusion(const ModelConfig& config, Random& random);

  /// What decides on the words alone; a stage of training has it to itself.
  class Pooling : public Module {
   public:
    Pooling(std::int64_t summaryWidth, Random& random);
    /// Summaries [B, K, 2C] and weights [B, K] >= 0 (0 leaves a sketch out; at least one a query is
    /// positive) to the log of each sketch's share [B, K].
    Tensor logShares(const Tensor& summaries, const Tensor& weights) const;
    /// Word logits [B, K, words], summaries and log shares to log probabilities [B, words].
    Tensor pool(const Tensor& logits, const Tensor& summaries, const Tensor& logShares) const;

   private:
    Linear trust_;                    ///< summary to the log of a sketch's share, up to a constant
    Tensor sharpness_, distinction_;  ///< logarithms of s and k
  };
  Pooling& pooling() { return pooling_; }

  /// `encoded` holds B * K sketches (query by query); `weights` [B, K] as above.
  QueryTensors forward(const SketchEncoder::Output& encoded, const MatchHead& match,
                       const Tensor& weights) const;

 private:
  Pooling pooling_;
  bool matches_;
  Linear mapToToken_, embeddingToToken_;
  Tensor nothing_;  ///< the token a photo place attends to when no part of the sketch is there
  Tensor kind_;     ///< tells embedding tokens from map tokens
};

/// The `wanted` query [1] with what it shares with `unwanted` drawings (one query each) taken out:
/// the embedding moves away from theirs (Rocchio's relevance feedback, 1971), and of words that
/// both may show, the wanted drawing keeps the part that its own probability has in both. Unwanted
/// drawings that equal the wanted one change nothing.
QueryTensors withoutUnwanted(QueryTensors wanted, const QueryTensors& unwanted,
                             const MatchHead& match);

}  // namespace inkling
