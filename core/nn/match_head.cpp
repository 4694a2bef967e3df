#include "core/nn/match_head.h"

#include <cmath>

#include "core/nn/efficientnet.h"

namespace inkling {
namespace {

constexpr std::int64_t kExtras = 6;

Tensor unit(const Tensor& x) { return x / x.norm(2, -1, true).clamp_min(1e-6); }

Tensor normalized(const Tensor& x) { return at::layer_norm(x, {x.size(-1)}, {}, {}, 1e-5); }

}  // namespace

MatchHead::MatchHead(const ModelConfig& config, Random& random)
    : dropout_(config.dropout), tokens_(config.trunk.tokenWidth(), config.matchDim, random),
      sketchNorm_(2 * config.sketch.widths.back()),
      sketch_(2 * config.sketch.widths.back(), config.matchHidden, config.matchDim, random, config.dropout),
      scorer_(config.matchDim + kExtras, 64, 1, random), scale_(at::full({1}, 8.0)), offset_(at::full({1}, -4.0)),
      contrastScale_(at::full({1}, std::log(12.0))) {
  child("tokens", tokens_);
  if (config.trunk.cnnResolution > 0) {
    cnn_ = std::make_unique<Linear>(EfficientNetLite::kChannels, config.matchDim, random);
    child("cnn", *cnn_);
  }
  if (config.trunk.detectorResolution > 0) {
    classes_ = std::make_unique<Linear>(80, config.matchDim, random);
    child("classes", *classes_);
  }
  child("sketch_norm", sketchNorm_);
  child("sketch", sketch_);
  child("scorer", scorer_);
  parameter("scale", scale_);
  parameter("offset", offset_);
  parameter("contrast_scale", contrastScale_);
  scorer_.fc2.setZero();
}

Tensor MatchHead::embedRegions(const RegionFeatures& regions) const {
  const auto dropped = [&](const Tensor& x) { return at::dropout(x, dropout_, training()); };
  Tensor sum = tokens_.forward(dropped(normalized(regions.tokens)));
  if (cnn_) sum = sum + cnn_->forward(dropped(normalized(regions.cnn)));
  if (classes_) sum = sum + classes_->forward(dropped(regions.classes));
  return unit(sum);
}

Tensor MatchHead::embedSketches(const Tensor& summaries) const {
  return unit(sketch_.forward(sketchNorm_.forward(summaries)));
}

Tensor MatchHead::score(const RegionFeatures& regions, const Tensor& regionEmbedding, const Tensor& sketchEmbedding,
                        const Tensor& certainty) const {
  const Tensor product = regionEmbedding * sketchEmbedding.unsqueeze(1);
  const Tensor cosine = product.sum(-1);
  const Tensor best = std::get<0>(cosine.masked_fill(at::logical_not(regions.valid), -1.0).max(1, true));
  const Tensor logObjectness = at::log(regions.objectness.clamp_min(1e-4));
  const Tensor width = regions.boxes.select(-1, 2).clamp_min(1e-3).log(), height = regions.boxes.select(-1, 3).clamp_min(1e-3).log();
  const Tensor extras = at::stack({cosine * 4, (cosine - best) * 4, logObjectness / 4, width / 3, height / 3,
                                   certainty.unsqueeze(1).expand_as(cosine)}, -1);
  const Tensor correction = scorer_.forward(at::cat({product * 8, extras}, -1)).squeeze(-1);
  return scale_ * cosine + offset_ + correction;
}

Tensor certaintyOf(const Tensor& logits) {
  const Tensor p = at::softmax(logits, -1);
  const Tensor entropy = -(p * at::log(p.clamp_min(1e-9))).sum(-1);
  return 1 - entropy / std::log(static_cast<double>(logits.size(-1)));
}

}  // namespace inkling
