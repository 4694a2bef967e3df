// Everything that decides the shape of a model, as JSON in the model file (metadata key "inkling")
// and in training configurations.
#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/nn/sketch_encoder.h"
#include "core/nn/vision_transformer.h"

namespace inkling {

/// Which frozen networks look at a photo, and at what resolution. A photo is letterboxed into
/// squares: scaled to fit, at the top left, the rest is padding. So boxes in 0..1 of the square
/// mean the same for every network.
struct TrunkConfig {
  static constexpr std::int64_t kDetectorClasses = 80;

  VisionTransformerConfig vit;
  std::int64_t vitResolution = 448;
  std::vector<std::int64_t> vitBlocks = {6, 9};  ///< whose tokens are used, side by side
  std::int64_t cnnResolution = 640;              ///< 0: without EfficientNet-Lite2
  std::int64_t detectorResolution =
      416;  ///< 0: without YOLOX-Nano; proposals are then a fixed grid of boxes
  std::int64_t proposals = 100;
  double proposalOverlap = 0.65;  ///< IoU above which a weaker proposal is dropped

  std::int64_t tokenWidth() const { return vit.dim * static_cast<std::int64_t>(vitBlocks.size()); }
  std::int64_t gridSide() const { return vitResolution / vit.patch; }
  /// Pixels of a photo's longer side beyond which nothing is seen of it: twice what the finest
  /// network looks at, so that the last step down is an average over four pixels at least.
  int readSide() const;
};

/// Where the sketch meets the photo, and how. Besides the product's own way, those of the field
/// that it is compared with:
///   "late"         cross-attention to the sketch after the trunk (Inkling)
///   "early"        the same inside the trunk (LocFormer, Tripathi et al., WACV 2024)
///   "concat"       the sketch's vector beside every photo token and every object (Sketch-DETR,
///   Riba
///                  et al., 2021)
///   "correlation"  photo tokens gated by their correlation with the sketch (Tripathi et al., ECCV
///                  2020)
struct GuidanceConfig {
  std::string mode = "late";
  /// What the score of a region starts from: "matching" (the matching embedding), "objectness"
  /// (only how much of an object it is: the decoder has to find out the rest), or "cosine" (of the
  /// trunk's own features of the drawing and of the region: nothing is trained).
  std::string start = "matching";
  double cosineWeight = 10;  ///< of a cosine start
  /// ViT blocks before which the sketch is fused, if early.
  std::vector<std::int64_t> earlyBlocks = {0, 3, 6, 9};
  std::string attention = "multi-head";  ///< self-attention of the guided encoder
  std::int64_t dim = 128, heads = 4, hidden = 256;
  std::int64_t encoderLayers = 2, decoderLayers = 2, points = 4;
  double dropout = 0.1;  ///< in training: of photo tokens and object embeddings that come in, and
                         ///< inside every MLP

  /// Photo and sketch attend to each other, in the encoder and after each layer of the decoder.
  bool attends() const { return mode == "late" || mode == "early"; }
  /// Regions and sketches are compared in the matching embedding.
  bool matches() const { return start == "matching"; }
};

struct ModelConfig {
  TrunkConfig trunk;
  SketchEncoderConfig sketch;
  GuidanceConfig guidance;
  std::int64_t matchMembers = 1;  ///< each trained without one part of the photos
  std::int64_t matchDim = 128;    ///< width of one expert's vectors
  std::int64_t matchHidden = 384;
  double dropout = 0.2;       ///< of the matching embedding, in training
  double finalOverlap = 0.6;  ///< IoU above which the weaker of two detections is dropped
  double refinement =
      1;  ///< share of the decoder's correction that the matching score receives, from 0 to 1
  double threshold =
      0.3;  ///< score from which a detection counts as a match, chosen on training data
  /// Weights of the best box's logit, of the photo's agreement with the sketch, and an offset:
  /// their sum is the logit that the photo shows the thing. Chosen on training data.
  std::vector<double> presence = {1, 0, 0};
  std::int64_t indexDim = 0;       ///< width of the region embedding (region_head.h); 0: without
  std::int64_t indexRegions = 16;  ///< regions that a photo is indexed by
  std::vector<std::string> words;  ///< names of the sketch encoder's classes

  /// Kinds of region features, each with a matching expert of its own: tokens, CNN, detector
  /// classes.
  std::int64_t matchExperts() const {
    return 1 + (trunk.cnnResolution > 0 ? 1 : 0) + (trunk.detectorResolution > 0 ? 1 : 0);
  }
  /// Width of what is known of a region, all kinds side by side.
  std::int64_t regionWidth() const;
  /// Width of the whole matching embedding.
  std::int64_t embeddingWidth() const { return matchMembers * matchExperts() * matchDim; }

  Json toJson() const;
  /// Missing fields keep their defaults; throws InputError naming `source` and the field for wrong
  /// types, and UsageError for values that contradict each other.
  static ModelConfig fromJson(const Json& json, const std::string& source);
};

}  // namespace inkling
