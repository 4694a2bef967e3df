#include "core/inference/localizer.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/base/error.h"
#include "core/geometry/nms.h"
#include "core/inference/engine.h"
#include "core/inference/translated.h"
#include "core/nn/runtime.h"
#include "core/nn/tensor_values.h"
#include "core/sketch/rasterise.h"

namespace inkling {
namespace {

// The part of its lead that an unwanted drawing takes from the logit of a box.
constexpr double kUnwantedShare = 0.15;

Tensor rasterTensor(std::span<const WeightedSketch> sketches, std::int64_t size) {
  Tensor rasters =
      at::empty({static_cast<std::int64_t>(sketches.size()), 1, size, size}, at::kFloat);
  float* out = rasters.data_ptr<float>();
  RasterOptions options;
  options.size = static_cast<int>(size);
  for (const WeightedSketch& weighted : sketches) {
    validate(weighted.sketch);
    out = std::copy_n(rasterise(weighted.sketch, options).begin(), size * size, out);
  }
  return rasters;
}

Tensor weightTensor(std::span<const WeightedSketch> sketches) {
  std::vector<float> weights;
  for (const WeightedSketch& weighted : sketches) {
    if (!(weighted.weight >= 0) || !std::isfinite(weighted.weight))
      fail<UsageError>("{}: the weight of a sketch must be 0 or more", weighted.sketch.name);
    weights.push_back(static_cast<float>(weighted.weight));
  }
  return at::tensor(weights).unsqueeze(0);
}

// Queries of several pairs as one batch.
QueryTensors joinQueries(const std::vector<const QueryTensors*>& queries) {
  QueryTensors joined = *queries.front();
  if (queries.size() == 1) return joined;
  const auto cat = [&](auto field) {
    std::vector<Tensor> parts;
    for (const QueryTensors* query : queries) parts.push_back(field(*query));
    return at::cat(parts);
  };
  joined.embedding = cat([](const QueryTensors& q) { return q.embedding; });
  joined.words = cat([](const QueryTensors& q) { return q.words; });
  joined.tokens = cat([](const QueryTensors& q) { return q.tokens; });
  joined.keyBias = cat([](const QueryTensors& q) { return q.keyBias; });
  joined.maps = cat([](const QueryTensors& q) { return q.maps; });
  joined.summary = cat([](const QueryTensors& q) { return q.summary; });
  if (joined.drawn.defined()) joined.drawn = cat([](const QueryTensors& q) { return q.drawn; });
  return joined;
}

// The plain mean of queries of one sketch each, as one query of one sketch.
QueryTensors meanQuery(const QueryTensors& each, const Tensor& weights) {
  const Tensor share = (weights / weights.sum()).transpose(0, 1);
  const auto mean = [&](const Tensor& values) {
    std::vector<std::int64_t> shape(static_cast<std::size_t>(values.dim()), 1);
    shape.front() = share.size(0);
    return (values * share.view(shape)).sum(0, true);
  };
  QueryTensors query = each;
  query.embedding = mean(each.embedding);
  query.words = mean(each.words);
  query.tokens = mean(each.tokens);
  query.maps = mean(each.maps);
  query.summary = mean(each.summary);
  if (each.drawn.defined()) query.drawn = mean(each.drawn);
  query.keyBias = each.keyBias.slice(0, 0, 1);
  return query;
}

// Queries of one sketch each, without those of weight 0.
std::vector<std::shared_ptr<const QueryTensors>> splitQueries(const QueryTensors& each,
                                                              const Tensor& weights) {
  std::vector<std::shared_ptr<const QueryTensors>> queries;
  for (std::int64_t i = 0; i < weights.size(1); ++i) {
    if (weights[0][i].item<float>() <= 0) continue;
    QueryTensors query = each;
    for (Tensor* tensor : {&query.embedding, &query.words, &query.tokens, &query.maps,
                           &query.summary, &query.drawn, &query.keyBias})
      if (tensor->defined()) *tensor = tensor->slice(0, i, i + 1);
    queries.push_back(std::make_shared<QueryTensors>(std::move(query)));
  }
  return queries;
}

// What was found for several queries in one photo, object by object: boxes and probabilities
// averaged.
LocalizerNetwork::Located meanOf(const std::vector<LocalizerNetwork::Located>& all) {
  LocalizerNetwork::Located mean = all.front();
  // Objects are in the order of their own scores; proposals are the order that all share.
  const auto inOrder = [](const LocalizerNetwork::Located& located, const Tensor& values) {
    const Tensor order = located.proposals.argsort(1, false);
    return values.dim() == 2 ? values.gather(1, order)
                             : values.gather(1, order.unsqueeze(-1).expand_as(values));
  };
  Tensor boxes = at::zeros_like(mean.boxes), scores = at::zeros_like(mean.logits),
         start = at::zeros_like(mean.startLogits), context = at::zeros_like(mean.context),
         match = at::zeros_like(mean.matchLogits);
  for (const LocalizerNetwork::Located& located : all) {
    boxes += inOrder(located, located.boxes) / static_cast<double>(all.size());
    scores += inOrder(located, at::sigmoid(located.logits)) / static_cast<double>(all.size());
    start += inOrder(located, located.startLogits) / static_cast<double>(all.size());
    context += located.context / static_cast<double>(all.size());
    match += located.matchLogits / static_cast<double>(all.size());
  }
  mean.valid = inOrder(mean, mean.valid);
  mean.proposals = std::get<0>(mean.proposals.sort(1));
  mean.boxes = boxes;
  mean.startLogits = start;
  mean.context = context;
  mean.matchLogits = match;
  mean.logits = at::log(scores.clamp_min(1e-12)) - at::log((1 - scores).clamp_min(1e-12));
  return mean;
}

SelfAttentionMaps selfMapsOf(const std::vector<AttentionResult>& layers, const AttentionMaps& frame,
                             const std::string& mechanism) {
  SelfAttentionMaps maps;
  maps.mechanism = mechanism;
  maps.gridWidth = frame.gridWidth;
  maps.gridHeight = frame.gridHeight;
  maps.contentWidth = frame.contentWidth;
  maps.contentHeight = frame.contentHeight;
  for (const AttentionResult& each : layers) {
    SelfAttentionMaps::Layer& layer = maps.layers.emplace_back();
    layer.heads = static_cast<int>(each.map.size(1));
    layer.map = floatsOf(each.map);
    if (each.points.defined()) {
      layer.groups = static_cast<int>(each.points.size(1));
      layer.points = floatsOf(each.points);
    }
    if (each.regions.defined()) {
      layer.regionRows = static_cast<int>(each.regionGrid.height);
      layer.regionColumns = static_cast<int>(each.regionGrid.width);
      const Tensor chosen = each.regions[0].reshape({-1}).to(at::kCPU);
      for (std::int64_t i = 0; i < chosen.numel(); ++i)
        layer.regions.push_back(static_cast<int>(chosen[i].item<std::int64_t>()));
    }
  }
  return maps;
}

// Turns the rows of one pair into boxes of the photo, best first.
Detections detectionsOf(const LocalizerNetwork::Located& located, std::int64_t row,
                        const Tensor& scores, Size photo, double overlap,
                        const LocateOptions& options) {
  const double side = std::max(photo.width, photo.height);
  const Tensor boxes = located.boxes[row].contiguous(), valid = located.valid[row].contiguous();
  const Tensor plain = scores.contiguous();
  const float* values = boxes.data_ptr<float>();
  std::vector<Box> candidates;
  std::vector<float> candidateScores;
  for (std::int64_t i = 0; i < boxes.size(0); ++i) {
    const float score = plain.data_ptr<float>()[i];
    if (!valid.data_ptr<bool>()[i] || score < options.threshold) continue;
    const float* b = values + i * 4;
    const Box box = clip(
        Box{(b[0] - b[2] / 2) * side, (b[1] - b[3] / 2) * side, b[2] * side, b[3] * side}, photo);
    if (box.width <= 0 || box.height <= 0) continue;
    candidates.push_back(box);
    candidateScores.push_back(score);
  }
  Detections result;
  for (const std::size_t index :
       nonMaximumSuppression(candidates, candidateScores, overlap, options.limit)) {
    result.boxes.push_back({candidates[index], candidateScores[index]});
  }
  return result;
}

// What `detectionsOf` and the scores are made of, on the processor.
// The photos of all pairs as one batch on the device, to which each travels once.
PhotoBatch placed(const std::vector<const PhotoBatch*>& photos, at::Device device) {
  if (device.is_cpu()) return joinPhotos(photos);
  std::map<const PhotoBatch*, PhotoBatch> there;
  std::vector<const PhotoBatch*> rows;
  for (const PhotoBatch* photo : photos) {
    auto found = there.find(photo);
    if (found == there.end()) found = there.emplace(photo, photo->to(device)).first;
    rows.push_back(&found->second);
  }
  return joinPhotos(rows);
}

LocalizerNetwork::Located locateIn(const Engine& engine,
                                   const std::vector<const PhotoBatch*>& photos,
                                   const QueryTensors& queries) {
  const Model& model = engine.worker();
  LocalizerNetwork::Located located =
      model.network->locate(placed(photos, engine.device), queries.to(engine.device),
                            model.config.trunk.proposals, false, model.trunk.get());
  for (Tensor* tensor : {&located.boxes, &located.logits, &located.startLogits, &located.valid,
                         &located.proposals, &located.matchLogits, &located.context})
    *tensor = tensor->to(at::kCPU);
  return located;
}

// The scores of one pair's objects. Where an unwanted drawing matches better than the wanted ones,
// a box loses a part of the difference.
Tensor scoresOf(const Model& model, const LocalizerNetwork::Located& located, std::int64_t row,
                const QueryTensors* unwanted, const PhotoBatch& photo) {
  if (unwanted == nullptr) return at::sigmoid(located.logits[row]);
  const std::vector<const PhotoBatch*> repeated(
      static_cast<std::size_t>(unwanted->embedding.size(0)), &photo);
  const Tensor rival =
      std::get<0>(model.network->match(joinPhotos(repeated), *unwanted, model.trunk.get()).max(0));
  const Tensor lead = (rival - located.matchLogits[row]).clamp_min(0);
  return at::sigmoid(located.logits[row] -
                     kUnwantedShare * lead.index_select(0, located.proposals[row]));
}

// The probability that the photo shows what is looked for.
double presenceOf(const Model& model, const LocalizerNetwork::Located& located, std::int64_t row,
                  const Tensor& scores) {
  const Tensor real = scores.masked_select(located.valid[row]);
  if (real.numel() == 0) return 0;
  const double best = std::clamp(real.max().item<double>(), 1e-9, 1 - 1e-9);
  return model.presence(std::log(best / (1 - best)), located.context[row].item<double>());
}

}  // namespace

std::size_t PhotoFeatures::bytes() const {
  if (!data_) return 0;
  std::size_t sum = 0;
  PhotoBatch batch = *data_;
  for (const Tensor* tensor : batch.tensors()) {
    if (tensor->defined()) sum += static_cast<std::size_t>(tensor->nbytes());
  }
  return sum;
}

Localizer::Localizer(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
Localizer::~Localizer() = default;
Localizer::Localizer(Localizer&&) noexcept = default;
Localizer& Localizer::operator=(Localizer&&) noexcept = default;

Localizer Localizer::load(const std::filesystem::path& model, const LocalizerOptions& options) {
  initializeRuntime(options.threads);
  return Localizer(std::make_unique<Engine>(makeEngine(model, options)));
}

std::string Localizer::device() const { return engine_->device.str(); }
const std::string& Localizer::precision() const { return engine_->precision; }
const std::string& Localizer::deviceNote() const { return engine_->note; }

int Localizer::readSide() const { return engine_->model->config.trunk.readSide(); }

SketchQuery Localizer::understand(std::span<const WeightedSketch> wanted,
                                  std::span<const WeightedSketch> unwanted, FusionRule rule) const {
  if (std::none_of(wanted.begin(), wanted.end(),
                   [](const WeightedSketch& s) { return s.weight > 0; })) {
    fail<UsageError>("nothing to look for: give at least one sketch with a weight over 0");
  }
  return translated([&] {
    const std::int64_t size = engine_->model->config.sketch.size;
    const Model& worker = engine_->worker();
    const auto understood = [&](std::span<const WeightedSketch> sketches, const Tensor& weights) {
      return std::make_shared<QueryTensors>(
          worker.network
              ->understand(rasterTensor(sketches, size).to(engine_->device),
                           weights.to(engine_->device), worker.trunk.get())
              .to(at::kCPU));
    };
    SketchQuery query;
    for (const WeightedSketch& sketch : wanted) query.drawings_.push_back(sketch.sketch);
    const Tensor weights = weightTensor(wanted);
    query.wanted_ = understood(wanted, weights);
    if (rule != FusionRule::kLearned) {
      const auto each = understood(wanted, at::ones({weights.size(1), 1}));
      if (rule == FusionRule::kMeanTokens)
        query.wanted_ = std::make_shared<QueryTensors>(meanQuery(*each, weights));
      if (rule == FusionRule::kMeanScores) query.apart_ = splitQueries(*each, weights);
    }
    // Each unwanted drawing is a query of its own: being like any of them is enough.
    if (!unwanted.empty()) {
      query.unwanted_ =
          understood(unwanted, at::ones({static_cast<std::int64_t>(unwanted.size()), 1}));
      const auto keepAway = [&](std::shared_ptr<const QueryTensors>& one) {
        one = std::make_shared<QueryTensors>(
            withoutUnwanted(*one, *query.unwanted_, engine_->model->network->matchHead()));
      };
      keepAway(query.wanted_);
      for (auto& one : query.apart_) keepAway(one);
    }
    return query;
  });
}

Detections Localizer::locate(const SketchQuery& query, const PhotoFeatures& photo,
                             const LocateOptions& options) const {
  const std::pair<const SketchQuery*, const PhotoFeatures*> pair{&query, &photo};
  return locate(std::span(&pair, 1), options).front();
}

std::vector<Detections> Localizer::locate(
    std::span<const std::pair<const SketchQuery*, const PhotoFeatures*>> pairs,
    const LocateOptions& options) const {
  std::vector<const QueryTensors*> queries;
  std::vector<const PhotoBatch*> photos;
  bool apart = false;
  for (const auto& [query, photo] : pairs) {
    if (query->empty() || photo->empty()) fail<UsageError>("locate: a query or a photo is empty");
    if (query->sketches() != pairs.front().first->sketches())
      fail<UsageError>("locate: queries with different numbers of sketches in one batch");
    apart = apart || !query->apart_.empty();
    queries.push_back(query->wanted_.get());
    photos.push_back(photo->data_.get());
  }
  if (pairs.empty()) return {};
  return translated([&] {
    const double overlap = engine_->model->config.finalOverlap;
    std::vector<Detections> results;
    const auto answer = [&](const LocalizerNetwork::Located& located, std::int64_t row,
                            const SketchQuery& query, const PhotoFeatures& photo) {
      const Tensor scores =
          scoresOf(*engine_->model, located, row, query.unwanted_.get(), *photo.data_);
      results.push_back(detectionsOf(located, row, scores, photo.photo(), overlap, options));
      results.back().score = presenceOf(*engine_->model, located, row, scores);
    };
    if (apart) {
      for (const auto& [query, photo] : pairs) {
        std::vector<LocalizerNetwork::Located> each;
        for (const auto& one : query->apart_)
          each.push_back(locateIn(*engine_, {photo->data_.get()}, *one));
        answer(meanOf(each), 0, *query, *photo);
      }
      return results;
    }
    const auto located = locateIn(*engine_, photos, joinQueries(queries));
    for (std::size_t i = 0; i < pairs.size(); ++i)
      answer(located, static_cast<std::int64_t>(i), *pairs[i].first, *pairs[i].second);
    return results;
  });
}

AttentionMaps Localizer::attend(const SketchQuery& query, const PhotoFeatures& photo) const {
  if (query.empty() || photo.empty()) fail<UsageError>("attend: the query or the photo is empty");
  return translated([&] {
    const Model& worker = engine_->worker();
    const auto located =
        worker.network->locate(photo.data_->to(engine_->device), query.wanted_->to(engine_->device),
                               worker.config.trunk.proposals, true, worker.trunk.get());
    if (located.guided.sketchMaps.empty())
      fail<UsageError>("photo and sketch do not attend to each other in this model");
    AttentionMaps maps;
    const TokenGrid grid = engine_->model->network->grid();
    maps.layers = static_cast<int>(located.guided.sketchMaps.size());
    maps.heads = static_cast<int>(engine_->model->config.guidance.heads);
    maps.gridWidth = static_cast<int>(grid.width);
    maps.gridHeight = static_cast<int>(grid.height);
    maps.keys = static_cast<int>(query.wanted_->tokens.size(1));
    maps.sketches = static_cast<int>(query.sketches());
    maps.sketchSide = static_cast<int>(engine_->model->config.sketch.size / 16);
    maps.contentWidth = photo.contentWidth_;
    maps.contentHeight = photo.contentHeight_;
    maps.toSketch = floatsOf(at::cat(located.guided.sketchMaps));
    std::vector<Tensor> mixing;
    for (const AttentionResult& layer : located.guided.self) mixing.push_back(layer.map.mean(1));
    maps.toPhoto = floatsOf(at::cat(mixing));
    maps.self = selfMapsOf(located.guided.self, maps, engine_->model->config.guidance.attention);
    maps.relevance = floatsOf(at::sigmoid(located.guided.relevance));
    return maps;
  });
}

double Localizer::threshold() const { return engine_->model->config.threshold; }
const Json& Localizer::card() const { return engine_->model->card; }

std::int64_t Localizer::parameterCount() const {
  std::int64_t count = engine_->model->network->parameterCount();
  count += const_cast<VisionTransformer&>(engine_->model->trunk->vit()).parameterCount();
  if (const EfficientNetLite* cnn = engine_->model->trunk->cnn()) {
    for (const auto& [name, tensor] : cnn->foldedState()) count += tensor.numel();
  }
  return count;
}

}  // namespace inkling
