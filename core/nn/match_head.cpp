#include "core/nn/match_head.h"

#include <cmath>

#include "core/nn/efficientnet.h"

namespace inkling {
namespace {

constexpr double kClassDropout = 0.2, kKindDropout = 0.25;

Tensor unit(const Tensor& x) { return x / x.norm(2, -1, true).clamp_min(1e-6); }

Tensor normalized(const Tensor& x) { return at::layer_norm(x, {x.size(-1)}, {}, {}, 1e-5); }

}  // namespace

MatchHead::MatchHead(const ModelConfig& config, Random& random)
    : dropout_(config.dropout), tokens_(config.trunk.tokenWidth(), config.matchDim, random),
      sketchNorm_(2 * config.sketch.widths.back()),
      sketch_(2 * config.sketch.widths.back(), config.matchHidden, config.matchDim, random, config.dropout),
      extras_(5, 1, random, false), scale_(at::full({1}, 8.0)), offset_(at::full({1}, -4.0)),
      contrastScale_(at::full({1}, std::log(12.0))) {
  child("tokens", tokens_);
  if (config.trunk.cnnResolution > 0) {
    cnn_ = std::make_unique<Linear>(EfficientNetLite::kChannels, config.matchDim, random);
    child("cnn", *cnn_);
  }
  if (config.trunk.detectorResolution > 0) {
    classes_ = std::make_unique<Linear>(80, config.matchDim, random);
    // Columns of classes that no training photo shows stay at nothing instead of at chance.
    classes_->setZero();
    child("classes", *classes_);
  }
  child("sketch_norm", sketchNorm_);
  child("sketch", sketch_);
  // Not trained: on a thousand photos the cosine soon explains everything it has seen, and trained weights would come to
  // ignore objectness, which is what holds on new photos.
  buffer("extras.weight", extras_.weight);
  buffer("scale", scale_);
  parameter("offset", offset_);
  parameter("contrast_scale", contrastScale_);
  // The probability of an object counts as it is, the rest not at all.
  extras_.setZero();
  extras_.weight[0][0] = 1.0;
}

Tensor MatchHead::embedRegions(const RegionFeatures& regions) const {
  const auto part = [&](const Linear& map, const Tensor& x, double rate) {
    const Tensor y = map.forward(at::dropout(x, rate, training()));
    if (!training()) return y;
    return y * at::dropout(at::ones({x.size(0), x.size(1), 1}, x.options()), kKindDropout, true);
  };
  Tensor sum = part(tokens_, normalized(regions.tokens), dropout_);
  if (cnn_) sum = sum + part(*cnn_, normalized(regions.cnn), dropout_);
  if (classes_) sum = sum + part(*classes_, regions.classes, kClassDropout);
  return unit(sum);
}

Tensor MatchHead::embedSketches(const Tensor& summaries) const {
  return unit(sketch_.forward(sketchNorm_.forward(summaries)));
}

Tensor MatchHead::score(const RegionFeatures& regions, const Tensor& regionEmbedding, const Tensor& sketchEmbedding,
                        const Tensor& certainty) const {
  const Tensor cosine = at::matmul(regionEmbedding, sketchEmbedding.unsqueeze(-1)).squeeze(-1);
  const Tensor best = std::get<0>(cosine.masked_fill(at::logical_not(regions.valid), -1.0).max(1, true));
  const Tensor width = regions.boxes.select(-1, 2).clamp_min(1e-3).log(), height = regions.boxes.select(-1, 3).clamp_min(1e-3).log();
  const Tensor extras = at::stack({at::log(regions.objectness.clamp_min(1e-4)), (cosine - best) * 4, width, height,
                                   certainty.unsqueeze(1).expand_as(cosine)}, -1);
  return scale_ * cosine + extras_.forward(extras).squeeze(-1) + offset_;
}

Tensor certaintyOf(const Tensor& logits) {
  const Tensor p = at::softmax(logits, -1);
  const Tensor entropy = -(p * at::log(p.clamp_min(1e-9))).sum(-1);
  return 1 - entropy / std::log(static_cast<double>(logits.size(-1)));
}

}  // namespace inkling
