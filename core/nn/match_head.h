// The matching embedding: boxes of photos and sketches in one space, where an object lies near its
// drawing.
//
// There is one expert for each kind of region feature (transformer tokens, CNN features, class
// scores of the detector), which maps both sides to unit vectors: a linear map of the feature, a
// small MLP on the sketch encoder's summary. Experts err in their own ways; kept apart, each can be
// trusted as much as it deserves, where a common vector would let the noisiest kind drown the best.
//
// Several members hold such experts, each trained on its own part of the photos; what they say is
// averaged. A thousand photos are soon learned by heart, so what a member says of a photo it has
// seen is worthless for setting anything that comes after it. Every training photo is unknown to
// one member, whose word alone is taken there ("votes"): weights of experts and evidence,
// thresholds and the guided part are fitted to honest scores, and no photo is lost.
//
// An embedding lays all members and experts side by side: [members][experts][matchDim].
//
// The logit of a (region, sketch) pair is linear in four pieces of evidence: how alike region and
// sketch are; the log of the detector's objectness; the log probability that both show the same
// word ("agreement"), when the sketch encoder names the drawing and the region is named by the
// words' mean drawings; and how well the best regions of the photo agree. Mean drawings exist for
// every word of the vocabulary, so agreement holds for words that no photo taught, too.
#pragma once

#include <memory>
#include <vector>

#include "core/nn/layers.h"
#include "core/nn/model_config.h"
#include "core/nn/region_features.h"

namespace inkling {

/// One kind of region feature and sketches in one space.
class MatchExpert : public Module {
 public:
  /// `width` is the feature's, `dropout` of it in training.
  MatchExpert(std::int64_t width, double dropout, const ModelConfig& config, Random& random);

  /// Features [..., width] to unit vectors [..., matchDim].
  Tensor embedRegions(const Tensor& features) const;
  /// Sketch summaries [..., 2C] to unit vectors [..., matchDim].
  Tensor embedSketches(const Tensor& summaries) const;
  /// Inverse temperature of the contrastive loss.
  Tensor contrastScale() const { return contrastScale_.exp().clamp_max(100); }

 private:
  double dropout_;
  Linear region_;
  LayerNorm sketchNorm_;
  Mlp sketch_;
  Tensor contrastScale_;
};

/// The experts of one part of the photos.
class MatchMember : public Module {
 public:
  MatchMember(const ModelConfig& config, Random& random);

  std::size_t experts() const { return experts_.size(); }
  const MatchExpert& expert(std::size_t index) const { return *experts_.at(index); }
  /// What each expert looks at: [B, P, width] of its kind.
  std::vector<Tensor> features(const RegionFeatures& regions) const;

  /// The logit that the member is trained with, from cosines [..., experts] and objectness [...]: a
  /// fixed weight for each expert, log objectness, and an offset. Trained weights would come to
  /// ignore objectness on photos that the experts know by heart.
  Tensor pairLogits(const Tensor& cosines, const Tensor& objectness) const;

  /// Unit vectors side by side: [B, P, experts * matchDim].
  Tensor embedRegions(const RegionFeatures& regions) const;
  /// Summaries [B, 2C] to [B, experts * matchDim].
  Tensor embedSketches(const Tensor& summaries) const;

 private:
  std::vector<std::unique_ptr<MatchExpert>> experts_;
  bool cnn_ = false, classes_ = false;
  Tensor offset_;
};

class MatchHead : public Module {
 public:
  MatchHead(const ModelConfig& config, Random& random);

  static constexpr std::int64_t kEvidence = 4;  ///< similarity, objectness, agreement, context
  static constexpr std::int64_t kContext = 3;   ///< the last, the same for all regions of a photo
  /// Less objectness than this counts as this much, so that its logarithm stays finite.
  static constexpr double kLeastObjectness = 1e-4;

  std::size_t members() const { return members_.size(); }
  MatchMember& member(std::size_t index) { return *members_.at(index); }
  const MatchMember& member(std::size_t index) const { return *members_.at(index); }
  std::size_t experts() const { return members_.front()->experts(); }

  /// [B, P, embeddingWidth] of all members, each part of norm 1 / sqrt(members): the dot product of
  /// an expert's parts is the mean of the members' cosines. `votes` [B, members] (sum 1, undefined:
  /// all alike) are each member's share.
  Tensor embedRegions(const RegionFeatures& regions, const Tensor& votes = {}) const;
  /// Summaries [B, 2C] to [B, embeddingWidth], normed alike.
  Tensor embedSketches(const Tensor& summaries) const;
  /// Brings the parts of averaged sketch embeddings [..., embeddingWidth] back to their norm.
  Tensor renormalized(const Tensor& embedding) const;

  /// The mean cosine of each expert: regions [B, P, embeddingWidth] against sketches [B,
  /// embeddingWidth] gives [B, P, experts].
  Tensor cosines(const Tensor& regionEmbedding, const Tensor& sketchEmbedding) const;
  /// Embeddings [..., embeddingWidth] with each expert's part times the trust in it: the dot
  /// product with another embedding is the evidence "similarity".
  Tensor trusted(const Tensor& embedding) const;
  /// How well embedded regions agree with each word: [..., words], trust times mean cosines.
  Tensor wordLogits(const Tensor& regionEmbedding) const;
  /// The probability of each word for embedded regions: [B, P, words].
  Tensor nameRegions(const Tensor& regionEmbedding) const;

  /// [B, P, kEvidence] of regions, embedded and named, against embedded sketches [B,
  /// embeddingWidth] that show each word with the probability `words` [B, words].
  Tensor evidence(const RegionFeatures& regions, const Tensor& regionEmbedding, const Tensor& names,
                  const Tensor& sketchEmbedding, const Tensor& words) const;
  /// The same from its parts, [B, P] each: similarity, log objectness, the probability that region
  /// and sketch show the same word, and which regions are real.
  static Tensor evidence(const Tensor& similarity, const Tensor& logObjectness, const Tensor& same,
                         const Tensor& valid);
  /// Logits [B, P].
  Tensor score(const Tensor& evidence) const { return at::matmul(evidence, weights_) + offset_; }

  /// Sets the mean drawings that name regions: [words, embeddingWidth].
  void setWords(const Tensor& words) { words_.copy_(words); }
  /// Words [words, embeddingWidth] as set.
  const Tensor& words() const { return words_; }
  /// Sets how much each expert is trusted [experts]: the inverse temperature of its cosines.
  void setTrust(const Tensor& trust) { trust_.copy_(trust); }
  const Tensor& trust() const { return trust_; }
  /// Sets the weights of the evidence [kEvidence] and the offset.
  void setWeights(const Tensor& weights, double offset);
  const Tensor& weights() const { return weights_; }

 private:
  Tensor weighted(const Tensor& embedding, const Tensor& votes) const;
  Tensor parts(const Tensor& embedding) const;

  std::vector<std::unique_ptr<MatchMember>> members_;
  std::int64_t dim_;
  Tensor words_, trust_, weights_, offset_;
};

}  // namespace inkling
