#include "core/nn/match_head.h"

#include <algorithm>
#include <cmath>

#include "core/nn/efficientnet.h"

namespace inkling {
namespace {

constexpr double kClassDropout = 0.2, kKindDropout = 0.25;
constexpr double kCosineWeight = 8, kFirstOffset = -4;
// Sharpness of "which word is it?", about where the contrastive loss ends up.
constexpr double kWordScale = 16;
constexpr std::int64_t kNearest = 10;

Tensor unit(const Tensor& x) { return x / x.norm(2, -1, true).clamp_min(1e-6); }

Tensor normalized(const Tensor& x) { return at::layer_norm(x, {x.size(-1)}, {}, {}, 1e-5); }

}  // namespace

MatchMember::MatchMember(const ModelConfig& config, Random& random)
    : dropout_(config.dropout), tokens_(config.trunk.tokenWidth(), config.matchDim, random),
      sketchNorm_(2 * config.sketch.widths.back()),
      sketch_(2 * config.sketch.widths.back(), config.matchHidden, config.matchDim, random, config.dropout),
      offset_(at::full({1}, kFirstOffset)), contrastScale_(at::full({1}, std::log(12.0))) {
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
  parameter("offset", offset_);
  parameter("contrast_scale", contrastScale_);
}

Tensor MatchMember::embedRegions(const RegionFeatures& regions) const {
  const auto part = [&](const Linear& map, const Tensor& x, double rate) {
    Tensor y = map.forward(at::dropout(x, rate, training()));
    if (!training()) return y;
    return y * at::dropout(at::ones({x.size(0), x.size(1), 1}, x.options()), kKindDropout, true);
  };
  Tensor sum = part(tokens_, normalized(regions.tokens), dropout_);
  if (cnn_) sum = sum + part(*cnn_, normalized(regions.cnn), dropout_);
  if (classes_) sum = sum + part(*classes_, regions.classes, kClassDropout);
  return unit(sum);
}

Tensor MatchMember::embedSketches(const Tensor& summaries) const {
  return unit(sketch_.forward(sketchNorm_.forward(summaries)));
}

Tensor MatchMember::pairLogits(const Tensor& cosine, const Tensor& objectness) const {
  return kCosineWeight * cosine + at::log(objectness.clamp_min(1e-4)) + offset_;
}

MatchHead::MatchHead(const ModelConfig& config, Random& random) {
  for (std::int64_t i = 0; i < config.matchMembers; ++i) {
    members_.push_back(std::make_unique<MatchMember>(config, random));
    child("members." + std::to_string(i), *members_.back());
  }
  words_ = at::zeros({std::max<std::int64_t>(static_cast<std::int64_t>(config.words.size()), 1), config.embeddingWidth()});
  background_ = at::zeros({kBackground, config.embeddingWidth()});
  weights_ = at::zeros({kEvidence});
  weights_[0] = kCosineWeight;
  weights_[1] = 1.0;
  offset_ = at::full({1}, kFirstOffset);
  buffer("words", words_);
  buffer("background", background_);
  buffer("weights", weights_);
  parameter("offset", offset_);
}

Tensor MatchHead::weighted(const Tensor& embedding, const Tensor& votes) const {
  if (!votes.defined()) return embedding;
  const auto count = static_cast<std::int64_t>(members_.size());
  std::vector<std::int64_t> shape(static_cast<std::size_t>(embedding.dim() + 1), 1);
  shape.front() = votes.size(0);
  shape[shape.size() - 2] = count;
  const Tensor shares = votes.view(shape) * static_cast<double>(count);
  return (embedding.unflatten(-1, {count, -1}) * shares).flatten(-2);
}

Tensor MatchHead::embedRegions(const RegionFeatures& regions, const Tensor& votes) const {
  std::vector<Tensor> parts;
  for (const auto& member : members_) parts.push_back(member->embedRegions(regions));
  return weighted(at::cat(parts, -1) / std::sqrt(static_cast<double>(parts.size())), votes);
}

Tensor MatchHead::embedSketches(const Tensor& summaries) const {
  std::vector<Tensor> parts;
  for (const auto& member : members_) parts.push_back(member->embedSketches(summaries));
  return at::cat(parts, -1) / std::sqrt(static_cast<double>(parts.size()));
}

Tensor MatchHead::evidence(const RegionFeatures& regions, const Tensor& regionEmbedding, const Tensor& sketchEmbedding,
                           const Tensor& words, const Tensor& votes) const {
  const Tensor cosine = at::matmul(regionEmbedding, sketchEmbedding.unsqueeze(-1)).squeeze(-1);
  const Tensor others = at::matmul(weighted(sketchEmbedding, votes), background_.t());
  const Tensor sketchLevel = std::get<0>(others.topk(kNearest, -1)).mean(-1, true).expand_as(cosine);
  const Tensor named = at::softmax(at::matmul(regionEmbedding, words_.t()) * kWordScale, -1);
  const Tensor agreement = at::log(at::matmul(named, words.unsqueeze(-1)).squeeze(-1) + 1e-5);
  return at::stack({cosine, at::log(regions.objectness.clamp_min(1e-4)), sketchLevel, agreement}, -1);
}

void MatchHead::setBanks(const Tensor& words, const Tensor& background) {
  words_.copy_(words);
  background_.copy_(background);
}

void MatchHead::setWeights(const Tensor& weights, double offset) {
  weights_.copy_(weights);
  offset_.fill_(offset);
}

}  // namespace inkling
