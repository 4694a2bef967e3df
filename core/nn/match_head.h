// The matching embedding: boxes of photos and sketches in one space, where an object lies near its drawing.
//
// Several small members, each trained on its own part of the photos, map both sides to unit vectors; side by side they
// form the embedding, whose dot product is the mean of their cosines. A member's photo side is a linear map of each kind
// of region feature, summed; its sketch side is a small MLP on the sketch encoder's summary.
//
// Why several: a thousand photos are soon learned by heart, so what a member says of a photo it has seen is worthless for
// setting anything that comes after it. Every training photo is unknown to one member, whose word alone is taken there
// ("votes"): weights of the evidence, thresholds and the guided part are fitted to honest scores, and no photo is lost.
//
// The logit of a (region, sketch) pair is linear in four pieces of evidence: the cosine; the log of the detector's
// objectness; how near the sketch lies to regions of any photo (some drawings lie near everything, and that says nothing);
// and the log probability that region and sketch show the same word, when the sketch encoder names the drawing and the
// region is named by the mean drawing of each word that lies nearest. The last one holds for words that no photo taught.
#pragma once

#include <memory>
#include <vector>

#include "core/nn/layers.h"
#include "core/nn/model_config.h"
#include "core/nn/region_features.h"

namespace inkling {

/// One embedding of regions and sketches, with what its own training needs.
class MatchMember : public Module {
 public:
  MatchMember(const ModelConfig& config, Random& random);

  /// [B, P, matchDim] unit vectors. In training a whole kind of feature is left out for a quarter of the regions, so that
  /// none is relied on alone.
  Tensor embedRegions(const RegionFeatures& regions) const;
  /// Sketch summaries [B, 2C] to unit vectors [B, matchDim].
  Tensor embedSketches(const Tensor& summaries) const;
  /// The logit that the member is trained with: 8 cosine + log objectness + offset. Only the offset is trained: weights
  /// of the evidence would come to ignore objectness on photos that the cosine knows by heart.
  Tensor pairLogits(const Tensor& cosine, const Tensor& objectness) const;
  /// Inverse temperature of the contrastive loss.
  Tensor contrastScale() const { return contrastScale_.exp().clamp_max(100); }

 private:
  double dropout_;
  Linear tokens_;
  std::unique_ptr<Linear> cnn_, classes_;
  LayerNorm sketchNorm_;
  Mlp sketch_;
  Tensor offset_, contrastScale_;
};

class MatchHead : public Module {
 public:
  MatchHead(const ModelConfig& config, Random& random);

  static constexpr std::int64_t kEvidence = 4, kBackground = 256;

  std::size_t members() const { return members_.size(); }
  MatchMember& member(std::size_t index) { return *members_.at(index); }

  /// [B, P, embeddingWidth] of all members; `votes` [B, members] (sum 1, undefined: all alike) are each member's share.
  Tensor embedRegions(const RegionFeatures& regions, const Tensor& votes = {}) const;
  /// Summaries [B, 2C] to unit vectors [B, embeddingWidth].
  Tensor embedSketches(const Tensor& summaries) const;

  /// [B, P, kEvidence] of embedded regions against embedded sketches [B, embeddingWidth] that show each word with the
  /// probability `words` [B, words].
  Tensor evidence(const RegionFeatures& regions, const Tensor& regionEmbedding, const Tensor& sketchEmbedding,
                  const Tensor& words, const Tensor& votes = {}) const;
  /// Logits [B, P].
  Tensor score(const Tensor& evidence) const { return at::matmul(evidence, weights_) + offset_; }

  /// Sets the words that name regions: unit vectors [words, embeddingWidth] of mean drawings; and the regions of photos
  /// that sketches are compared with [kBackground, embeddingWidth].
  void setBanks(const Tensor& words, const Tensor& background);
  const Tensor& weights() const { return weights_; }
  /// Sets the weights of the evidence [kEvidence] and the offset.
  void setWeights(const Tensor& weights, double offset);

 private:
  Tensor weighted(const Tensor& embedding, const Tensor& votes) const;

  std::vector<std::unique_ptr<MatchMember>> members_;
  Tensor words_, background_, weights_, offset_;
};

}  // namespace inkling
