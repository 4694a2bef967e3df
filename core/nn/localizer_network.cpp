#include "core/nn/localizer_network.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/nn/region_head.h"
#include "core/nn/trunk.h"

namespace inkling {
namespace {

constexpr double kTokenShare = 0.7, kCnnShare = 0.6;
// Brings parts of unit vectors to values of about 1.
constexpr double kEmbeddingScale = 8;
constexpr std::int64_t kTokenSamples = 5, kCnnSamples = 3;

// [B, N, C] tokens of a square grid as a map [B, C, side, side].
Tensor asMap(const Tensor& tokens, TokenGrid grid) {
  return tokens.transpose(1, 2).reshape({tokens.size(0), tokens.size(2), grid.height, grid.width});
}

Tensor rowsOf(const Tensor& values, const Tensor& index) {
  return values.dim() == 2
             ? values.gather(1, index)
             : values.gather(
                   1, index.unsqueeze(-1).expand({index.size(0), index.size(1), values.size(2)}));
}

std::int64_t summaryWidth(const ModelConfig& config) { return 2 * config.sketch.widths.back(); }

}  // namespace

LocalizerNetwork::LocalizerNetwork(const ModelConfig& config, Random& random)
    : config_(config),
      sketch_(config.sketch, random),
      match_(config, random),
      fusion_(config, random),
      guided_(config.guidance, config.trunk.tokenWidth(), summaryWidth(config), grid(), random),
      decoder_(config.guidance,
               config.guidance.matches() ? config.embeddingWidth() : config.regionWidth(),
               summaryWidth(config), random) {
  child("sketch", sketch_);
  child("match", match_);
  child("fusion", fusion_);
  child("guided", guided_);
  child("decoder", decoder_);
  if (config.guidance.mode == "correlation") {
    gate_ = std::make_unique<CorrelationGate>(
        config.trunk.tokenWidth(), config.sketch.widths.back(), config.guidance.dim, random);
    child("gate", *gate_);
  }
  if (config.guidance.mode == "early") {
    for (std::size_t i = 0; i < config.guidance.earlyBlocks.size(); ++i) {
      early_.push_back(std::make_unique<LocformerEncoderFusion>(
          config.trunk.vit.dim, 2 * config.trunk.vit.dim, config.trunk.vit.heads,
          config.sketch.widths.back(), random));
      child("early." + std::to_string(i), *early_.back());
    }
  }
  if (config.indexDim > 0) {
    regions_ = std::make_unique<RegionHead>(config.embeddingWidth(), config.indexDim);
    child("index", *regions_);
  }
}

LocalizerNetwork::~LocalizerNetwork() = default;

PhotoBatch LocalizerNetwork::prepare(const TrunkOutput& photos) const {
  PhotoBatch batch;
  const auto wide = [](const Tensor& t) { return t.defined() ? t.to(at::kFloat) : t; };
  const Tensor boxes = wide(photos.boxes);
  batch.tokens = wide(photos.tokens);
  batch.stem = wide(photos.stem);
  if (batch.tokens.defined())
    batch.regions.tokens =
        poolBoxes(asMap(batch.tokens, grid()), boxes, kTokenShare, kTokenSamples);
  if (photos.cnnMap.defined())
    batch.regions.cnn = poolBoxes(wide(photos.cnnMap), boxes, kCnnShare, kCnnSamples);
  if (photos.classes.defined()) batch.regions.classes = logScores(wide(photos.classes));
  batch.regions.objectness = wide(photos.objectness);
  batch.regions.boxes = boxes;
  batch.regions.valid = photos.valid;
  return batch;
}

PhotoBatch LocalizerNetwork::prepare(const PhotoTensors& photo) const {
  const auto batched = [](const Tensor& t) { return t.defined() ? t.unsqueeze(0) : t; };
  const auto options = photo.boxes.options().dtype(at::kLong);
  const Tensor valid = at::arange(photo.boxes.size(0), options) < photo.count;
  return prepare({batched(photo.tokens), batched(photo.stem), batched(photo.cnnMap),
                  batched(photo.boxes), batched(photo.objectness), batched(photo.classes),
                  batched(valid)});
}

QueryTensors LocalizerNetwork::understand(const Tensor& rasters, const Tensor& weights,
                                          const Trunk* trunk) const {
  const SketchEncoder::Output encoded = sketch_.forward(rasters);
  QueryTensors query = fusion_.forward(encoded, match_, weights);
  if (config_.guidance.start == "cosine") {
    if (trunk == nullptr) fail<UsageError>("a cosine start needs the trunk to understand sketches");
    const Tensor each =
        trunk->describeDrawings(rasters).view({weights.size(0), weights.size(1), -1});
    query.drawn = (each * (weights / weights.sum(1, true)).unsqueeze(-1)).sum(1);
  }
  return query;
}

void LocalizerNetwork::embedRegions(PhotoBatch& photo) const {
  if (!early_.empty() || !config_.guidance.matches()) return;
  photo.embedding = match_.embedRegions(photo.regions, photo.votes);
  photo.names = match_.nameRegions(photo.embedding);
}

Tensor LocalizerNetwork::fuseEarly(const PhotoBatch& photos, const QueryTensors& query,
                                   const Trunk& trunk) const {
  const auto hook = [&](const Tensor& tokens, std::int64_t block) {
    const auto& blocks = config_.guidance.earlyBlocks;
    const auto found = std::find(blocks.begin(), blocks.end(), block);
    if (found == blocks.end()) return tokens;
    const auto& fusion = early_[static_cast<std::size_t>(found - blocks.begin())];
    // The class token stands for no place; it stays as it is.
    const Tensor fused = fusion->forward(tokens.slice(1, 1), grid(), query.maps).tokens;
    return at::cat({tokens.slice(1, 0, 1), fused}, 1);
  };
  return trunk.continueFromStem(photos.stem, hook);
}

// What the encoder gets to see: the trunk's tokens, those of a trunk that knows the sketch, or
// gated.
Tensor LocalizerNetwork::guidedTokens(const PhotoBatch& photos, const QueryTensors& query,
                                      const Trunk* trunk) const {
  if (gate_) return gate_->forward(photos.tokens, query.maps);
  if (early_.empty()) return photos.tokens;
  if (trunk == nullptr) fail<UsageError>("early guidance needs the trunk to locate");
  return fuseEarly(photos, query, *trunk);
}

LocalizerNetwork::Start LocalizerNetwork::start(const PhotoBatch& photos, const QueryTensors& query,
                                                const Trunk* trunk) const {
  Start start;
  start.tokens = guidedTokens(photos, query, trunk);
  start.regions = photos.regions;
  const RegionFeatures& regions = start.regions;
  if (!start.tokens.is_same(photos.tokens))
    start.regions.tokens =
        poolBoxes(asMap(start.tokens, grid()), regions.boxes, kTokenShare, kTokenSamples);
  if (config_.guidance.matches()) {
    start.embedding =
        photos.embedding.defined() ? photos.embedding : match_.embedRegions(regions, photos.votes);
    const Tensor names =
        photos.names.defined() ? photos.names : match_.nameRegions(start.embedding);
    const Tensor evidence =
        match_.evidence(regions, start.embedding, names, query.embedding, query.words);
    start.logits = match_.score(evidence);
    start.context = evidence.select(1, 0).select(1, MatchHead::kContext);
    return start;
  }
  start.logits = at::log(regions.objectness.clamp_min(1e-4));
  start.context = at::zeros({start.logits.size(0)}, start.logits.options());
  if (config_.guidance.start == "cosine") {
    const Tensor cosine = at::cosine_similarity(regions.tokens, query.drawn.unsqueeze(1), -1);
    start.logits = start.logits + config_.guidance.cosineWeight * (cosine - 1);
  }
  return start;
}

Tensor LocalizerNetwork::match(const PhotoBatch& photos, const QueryTensors& query,
                               const Trunk* trunk) const {
  return start(photos, query, trunk).logits;
}

LocalizerNetwork::Located LocalizerNetwork::locate(const PhotoBatch& photos,
                                                   const QueryTensors& query, std::int64_t queries,
                                                   bool wantMaps, const Trunk* trunk) const {
  Located result;
  const Start first = start(photos, query, trunk);
  const RegionFeatures& regions = first.regions;
  result.matchLogits = first.logits;
  result.context = first.context;
  result.guided = guided_.forward(first.tokens, grid(), query, wantMaps);

  const std::int64_t count = std::min(queries, regions.boxes.size(1));
  const Tensor ranking =
      result.matchLogits.detach().masked_fill(at::logical_not(regions.valid), -1e9);
  result.proposals = std::get<1>(ranking.topk(count, 1));
  Decoder::Input input;
  input.embedding =
      rowsOf(config_.guidance.matches() ? first.embedding * kEmbeddingScale
                                        : at::cat(match_.member(0).features(regions), -1),
             result.proposals);
  input.boxes = rowsOf(regions.boxes, result.proposals);
  input.matchLogits = rowsOf(result.matchLogits, result.proposals);
  const Tensor relevance = asMap(result.guided.relevance.unsqueeze(-1), grid());
  input.relevance = poolBoxes(relevance, input.boxes, 0.8, kTokenSamples).squeeze(-1);
  input.valid = rowsOf(regions.valid, result.proposals);
  input.memory = result.guided.tokens;
  input.grid = grid();
  result.layers = decoder_.forward(input, query);
  result.valid = input.valid;
  result.startLogits = input.matchLogits;
  result.boxes = result.layers.empty() ? input.boxes : result.layers.back().boxes;
  result.logits = result.layers.empty()
                      ? input.matchLogits
                      : input.matchLogits +
                            config_.refinement * (result.layers.back().logits - input.matchLogits);
  return result;
}

std::array<Tensor*, 11> PhotoBatch::tensors() {
  return {&tokens,         &stem,        &votes,           &embedding,          &names,
          &regions.tokens, &regions.cnn, &regions.classes, &regions.objectness, &regions.boxes,
          &regions.valid};
}

PhotoBatch PhotoBatch::to(at::Device device) const {
  PhotoBatch moved = *this;
  for (Tensor* tensor : moved.tensors())
    if (tensor->defined()) *tensor = tensor->to(device);
  return moved;
}

PhotoBatch joinPhotos(const std::vector<const PhotoBatch*>& photos) {
  const auto join = [&](auto field) {
    std::vector<Tensor> parts;
    for (const PhotoBatch* photo : photos) {
      if (!field(*photo).defined()) return Tensor();
      parts.push_back(field(*photo));
    }
    return parts.size() == 1 ? parts.front() : at::cat(parts);
  };
  PhotoBatch batch;
  batch.tokens = join([](const PhotoBatch& p) { return p.tokens; });
  batch.stem = join([](const PhotoBatch& p) { return p.stem; });
  batch.votes = join([](const PhotoBatch& p) { return p.votes; });
  batch.embedding = join([](const PhotoBatch& p) { return p.embedding; });
  batch.names = join([](const PhotoBatch& p) { return p.names; });
  batch.regions.tokens = join([](const PhotoBatch& p) { return p.regions.tokens; });
  batch.regions.cnn = join([](const PhotoBatch& p) { return p.regions.cnn; });
  batch.regions.classes = join([](const PhotoBatch& p) { return p.regions.classes; });
  batch.regions.objectness = join([](const PhotoBatch& p) { return p.regions.objectness; });
  batch.regions.boxes = join([](const PhotoBatch& p) { return p.regions.boxes; });
  batch.regions.valid = join([](const PhotoBatch& p) { return p.regions.valid; });
  return batch;
}

}  // namespace inkling
