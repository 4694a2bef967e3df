#include "core/nn/match_head.h"

#include <algorithm>
#include <cmath>

#include "core/nn/efficientnet.h"

namespace inkling {
namespace {

constexpr double kClassDropout = 0.1;
// Brings log class scores, whose mean says nothing, to about the size of normalised features.
constexpr double kClassScale = 3;
constexpr double kExpertWeight = 6, kFirstOffset = -4, kFirstTrust = 8;
// Probabilities below this are all alike: nothing can be told from them.
constexpr double kLeastAgreement = 1e-5;
constexpr std::int64_t kBestRegions = 10;

}  // namespace

MatchExpert::MatchExpert(std::int64_t width, double dropout, const ModelConfig& config,
                         Random& random)
    : dropout_(dropout),
      region_(width, config.matchDim, random),
      sketchNorm_(2 * config.sketch.widths.back()),
      sketch_(2 * config.sketch.widths.back(), config.matchHidden, config.matchDim, random,
              config.dropout),
      contrastScale_(at::full({1}, std::log(12.0))) {
  child("region", region_);
  child("sketch_norm", sketchNorm_);
  child("sketch", sketch_);
  parameter("contrast_scale", contrastScale_);
}

Tensor MatchExpert::embedRegions(const Tensor& features) const {
  return unitVectors(region_.forward(at::dropout(features, dropout_, training())));
}

Tensor MatchExpert::embedSketches(const Tensor& summaries) const {
  return unitVectors(sketch_.forward(sketchNorm_.forward(summaries)));
}

MatchMember::MatchMember(const ModelConfig& config, Random& random)
    : cnn_(config.trunk.cnnResolution > 0),
      classes_(config.trunk.detectorResolution > 0),
      offset_(at::full({1}, kFirstOffset)) {
  const auto add = [&](const char* name, std::int64_t width, double dropout) {
    experts_.push_back(std::make_unique<MatchExpert>(width, dropout, config, random));
    child(name, *experts_.back());
  };
  add("tokens", config.trunk.tokenWidth(), config.dropout);
  if (cnn_) add("cnn", EfficientNetLite::kChannels, config.dropout);
  if (classes_) add("classes", TrunkConfig::kDetectorClasses, kClassDropout);
  parameter("offset", offset_);
}

std::vector<Tensor> MatchMember::features(const RegionFeatures& regions) const {
  std::vector<Tensor> result{normalized(regions.tokens)};
  if (cnn_) result.push_back(normalized(regions.cnn));
  if (classes_) result.push_back((regions.classes - regions.classes.mean(-1, true)) * kClassScale);
  return result;
}

Tensor MatchMember::pairLogits(const Tensor& cosines, const Tensor& objectness) const {
  return kExpertWeight * cosines.sum(-1) + at::log(objectness.clamp_min(1e-4)) + offset_;
}

Tensor MatchMember::embedRegions(const RegionFeatures& regions) const {
  std::vector<Tensor> parts = features(regions);
  for (std::size_t i = 0; i < parts.size(); ++i) parts[i] = experts_[i]->embedRegions(parts[i]);
  return at::cat(parts, -1);
}

Tensor MatchMember::embedSketches(const Tensor& summaries) const {
  std::vector<Tensor> parts;
  for (const auto& expert : experts_) parts.push_back(expert->embedSketches(summaries));
  return at::cat(parts, -1);
}

MatchHead::MatchHead(const ModelConfig& config, Random& random) : dim_(config.matchDim) {
  for (std::int64_t i = 0; i < config.matchMembers; ++i) {
    members_.push_back(std::make_unique<MatchMember>(config, random));
    child("members." + std::to_string(i), *members_.back());
  }
  const auto experts = static_cast<std::int64_t>(this->experts());
  words_ = at::zeros({std::max<std::int64_t>(static_cast<std::int64_t>(config.words.size()), 1),
                      config.embeddingWidth()});
  trust_ = at::full({experts}, kFirstTrust);
  // Until they are fitted: what the members are trained with.
  weights_ = at::zeros({kEvidence});
  weights_[0] = kExpertWeight / kFirstTrust;
  weights_[1] = 1.0;
  offset_ = at::full({1}, kFirstOffset);
  buffer("words", words_);
  buffer("trust", trust_);
  buffer("weights", weights_);
  parameter("offset", offset_);
}

Tensor MatchHead::parts(const Tensor& embedding) const {
  return embedding.unflatten(
      -1, {static_cast<std::int64_t>(members()), static_cast<std::int64_t>(experts()), dim_});
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
  std::vector<Tensor> each;
  for (const auto& member : members_) each.push_back(member->embedRegions(regions));
  return weighted(at::cat(each, -1) / std::sqrt(static_cast<double>(each.size())), votes);
}

Tensor MatchHead::embedSketches(const Tensor& summaries) const {
  std::vector<Tensor> each;
  for (const auto& member : members_) each.push_back(member->embedSketches(summaries));
  return at::cat(each, -1) / std::sqrt(static_cast<double>(each.size()));
}

Tensor MatchHead::renormalized(const Tensor& embedding) const {
  return (unitVectors(parts(embedding)) / std::sqrt(static_cast<double>(members()))).flatten(-3);
}

Tensor MatchHead::cosines(const Tensor& regionEmbedding, const Tensor& sketchEmbedding) const {
  return parts(regionEmbedding * sketchEmbedding.unsqueeze(-2)).sum({-3, -1});
}

Tensor MatchHead::trusted(const Tensor& embedding) const {
  return (parts(embedding) * trust_.unsqueeze(-1)).flatten(-3);
}

Tensor MatchHead::wordLogits(const Tensor& regionEmbedding) const {
  return at::matmul(regionEmbedding, trusted(words_).t());
}

Tensor MatchHead::nameRegions(const Tensor& regionEmbedding) const {
  return at::softmax(wordLogits(regionEmbedding), -1);
}

Tensor MatchHead::evidence(const RegionFeatures& regions, const Tensor& regionEmbedding,
                           const Tensor& names, const Tensor& sketchEmbedding,
                           const Tensor& words) const {
  return evidence(at::matmul(cosines(regionEmbedding, sketchEmbedding), trust_),
                  at::log(regions.objectness.clamp_min(kLeastObjectness)),
                  at::matmul(names, words.unsqueeze(-1)).squeeze(-1), regions.valid);
}

Tensor MatchHead::evidence(const Tensor& similarity, const Tensor& logObjectness,
                           const Tensor& same, const Tensor& valid) {
  const Tensor seen = (same * at::exp(logObjectness)).masked_fill(at::logical_not(valid), 0);
  const Tensor best =
      std::get<0>(seen.topk(std::min(kBestRegions, seen.size(-1)), -1)).mean(-1, true);
  return at::stack({similarity, logObjectness, at::log(same + kLeastAgreement),
                    at::log(best + kLeastAgreement).expand_as(similarity)},
                   -1);
}

void MatchHead::setWeights(const Tensor& weights, double offset) {
  weights_.copy_(weights);
  offset_.fill_(offset);
}

}  // namespace inkling
