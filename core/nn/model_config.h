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
};

/// Where the sketch meets the photo.
struct GuidanceConfig {
  std::string mode = "late";  ///< "late" (after the trunk) or "early" (LocFormer's way, inside it)
  std::vector<std::int64_t> earlyBlocks = {
      0, 3, 6, 9};                       ///< ViT blocks before which the sketch is fused, if early
  std::string attention = "multi-head";  ///< self-attention of the guided encoder
  std::int64_t dim = 128, heads = 4, hidden = 256;
  std::int64_t encoderLayers = 2, decoderLayers = 2, points = 4;
  double dropout = 0.1;  ///< in training: of photo tokens and object embeddings that come in, and
                         ///< inside every MLP
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
  std::vector<std::string> words;  ///< names of the sketch encoder's classes

  /// Kinds of region features, each with a matching expert of its own: tokens, CNN, detector
  /// classes.
  std::int64_t matchExperts() const {
    return 1 + (trunk.cnnResolution > 0 ? 1 : 0) + (trunk.detectorResolution > 0 ? 1 : 0);
  }
  /// Width of the whole matching embedding.
  std::int64_t embeddingWidth() const { return matchMembers * matchExperts() * matchDim; }

  Json toJson() const;
  /// Missing fields keep their defaults; throws InputError naming `source` and the field for wrong
  /// types, and UsageError for values that contradict each other.
  static ModelConfig fromJson(const Json& json, const std::string& source);
};

}  // namespace inkling
