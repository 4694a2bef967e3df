// The whole model behind the three verbs, on tensors: describe (Trunk), understand, locate.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "core/nn/attention/locformer_fusion.h"
#include "core/nn/correlation_gate.h"
#include "core/nn/decoder.h"
#include "core/nn/guided_encoder.h"
#include "core/nn/match_head.h"
#include "core/nn/sketch_fusion.h"

namespace inkling {

class RegionHead;
class Trunk;

/// A batch of photos: the fields of PhotoTensors with a leading dimension B.
struct PhotoBatch {
  Tensor tokens;  ///< [B, N, tokenWidth] (late), or
  Tensor stem;    ///< [B, 1 + N, vit dim] (early)
  RegionFeatures
      regions;   ///< regions.tokens is undefined for early guidance: it depends on the sketch
  Tensor votes;  ///< [B, match members] for photos that some members were trained on; undefined:
                 ///< all alike
  Tensor embedding;  ///< [B, P, embeddingWidth] of the regions, if they have been embedded (late)
  Tensor names;      ///< [B, P, words] probability that a region shows each word, likewise

  PhotoBatch to(at::Device device) const;
  /// All tensors, defined or not.
  std::array<Tensor*, 11> tensors();
};

/// Everything of the model that is trained: sketch encoder, matching embedding, fusion, guided
/// encoder, decoder.
class LocalizerNetwork : public Module {
 public:
  LocalizerNetwork(const ModelConfig& config, Random& random);
  ~LocalizerNetwork() override;

  /// Pools the region features of photos (late guidance pools the tokens too).
  PhotoBatch prepare(const TrunkOutput& photos) const;
  PhotoBatch prepare(const PhotoTensors& photo) const;

  /// B queries of K sketches: rasters [B * K, 1, size, size], weights [B, K].
  /// `trunk` is needed for a cosine start only.
  QueryTensors understand(const Tensor& rasters, const Tensor& weights,
                          const Trunk* trunk = nullptr) const;

  struct Located {
    Tensor boxes;        ///< [B, Q, 4] cxcywh in 0..1 of the square
    Tensor logits;       ///< [B, Q] matching score and the configured share of its correction
    Tensor startLogits;  ///< [B, Q] of the matching alone
    Tensor valid;        ///< [B, Q]
    Tensor proposals;    ///< [B, Q] index of the proposal each object started from
    std::vector<Decoder::LayerOutput> layers;  ///< of the decoder, for auxiliary losses
    Tensor matchLogits;                        ///< [B, P] of all proposals
    Tensor context;                            ///< [B] evidence of the photo as a whole, 0 without
    GuidedEncoder::Output guided;
  };
  /// Pairs: row b of `photos` with row b of `query`. The best `queries` proposals become objects.
  /// `trunk` is needed for early guidance only.
  Located locate(const PhotoBatch& photos, const QueryTensors& query, std::int64_t queries,
                 bool wantMaps, const Trunk* trunk = nullptr) const;

  /// The first part of `locate` alone: the logits that all proposals start from, [B, P].
  Tensor match(const PhotoBatch& photos, const QueryTensors& query,
               const Trunk* trunk = nullptr) const;

  /// Embeds and names the regions ahead of any sketch, which saves that work for every pair;
  /// nothing for early guidance.
  void embedRegions(PhotoBatch& photo) const;

  const ModelConfig& config() const { return config_; }
  TokenGrid grid() const { return {config_.trunk.gridSide(), config_.trunk.gridSide()}; }
  SketchEncoder& sketchEncoder() { return sketch_; }
  MatchHead& matchHead() { return match_; }
  SketchFusion& fusion() { return fusion_; }
  /// What photos are indexed with; null for a model without an index.
  RegionHead* regionHead() { return regions_.get(); }

 private:
  Tensor fuseEarly(const PhotoBatch& photos, const QueryTensors& query, const Trunk& trunk) const;
  Tensor guidedTokens(const PhotoBatch& photos, const QueryTensors& query,
                      const Trunk* trunk) const;
  /// What regions start from, before the decoder.
  struct Start {
    Tensor tokens;           ///< [B, N, tokenWidth] that the encoder gets to see
    RegionFeatures regions;  ///< of these tokens
    Tensor embedding;        ///< [B, P, embeddingWidth] if regions are matched
    Tensor logits;           ///< [B, P]
    Tensor context;          ///< [B]
  };
  Start start(const PhotoBatch& photos, const QueryTensors& query, const Trunk* trunk) const;

  ModelConfig config_;
  SketchEncoder sketch_;
  MatchHead match_;
  SketchFusion fusion_;
  GuidedEncoder guided_;
  Decoder decoder_;
  std::vector<std::unique_ptr<LocformerEncoderFusion>> early_;
  std::unique_ptr<CorrelationGate> gate_;
  std::unique_ptr<RegionHead> regions_;
};

/// Joins batches of one photo (or several) into one.
PhotoBatch joinPhotos(const std::vector<const PhotoBatch*>& photos);

}  // namespace inkling
