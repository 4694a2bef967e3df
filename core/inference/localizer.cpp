#include "core/inference/localizer.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/geometry/nms.h"
#include "core/inference/trunk_input.h"
#include "core/nn/model_file.h"
#include "core/nn/runtime.h"
#include "core/nn/tensor_values.h"
#include "core/sketch/rasterise.h"

namespace inkling {
namespace {

Tensor rasterTensor(std::span<const WeightedSketch> sketches, std::int64_t size) {
  Tensor rasters = at::empty({static_cast<std::int64_t>(sketches.size()), 1, size, size}, at::kFloat);
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
    if (!(weighted.weight >= 0) || !std::isfinite(weighted.weight)) fail<UsageError>("{}: the weight of a sketch must be 0 or more", weighted.sketch.name);
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
  return joined;
}

// Turns the rows of one pair into boxes of the photo, best first.
Detections detectionsOf(const LocalizerNetwork::Located& located, std::int64_t row, const Tensor& scores, Size photo,
                        double overlap, const LocateOptions& options) {
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
    const Box box = clip(Box{(b[0] - b[2] / 2) * side, (b[1] - b[3] / 2) * side, b[2] * side, b[3] * side}, photo);
    if (box.width <= 0 || box.height <= 0) continue;
    candidates.push_back(box);
    candidateScores.push_back(score);
  }
  Detections result;
  for (const std::size_t index : nonMaximumSuppression(candidates, candidateScores, overlap, options.limit)) {
    result.boxes.push_back({candidates[index], candidateScores[index]});
  }
  if (!result.boxes.empty()) result.score = result.boxes.front().score;
  return result;
}

// Runs `work`, with errors of the tensor library in Inkling's own terms.
template <typename F>
auto translated(F&& work) {
  try {
    const at::NoGradGuard noGrad;
    return work();
  } catch (const c10::Error& error) {
    fail<Error>("the tensor library failed: {}", error.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    fail<Error>("not enough memory");
  }
}

}  // namespace

Localizer::Localizer(std::unique_ptr<Model> model) : model_(std::move(model)) {}
Localizer::~Localizer() = default;
Localizer::Localizer(Localizer&&) noexcept = default;
Localizer& Localizer::operator=(Localizer&&) noexcept = default;

Localizer Localizer::load(const std::filesystem::path& model, const LocalizerOptions& options) {
  initializeRuntime(options.threads);
  return Localizer(std::make_unique<Model>(readModel(model)));
}

PhotoFeatures Localizer::describe(const Image& photo) const {
  return translated([&] {
    const TrunkInput input = makeTrunkInput(photo, model_->config.trunk);
    PhotoFeatures features;
    features.photo_ = photo.size();
    features.contentWidth_ = input.contentWidth;
    features.contentHeight_ = input.contentHeight;
    features.data_ = std::make_shared<PhotoBatch>(model_->network->prepare(model_->trunk->describe(input)));
    return features;
  });
}

SketchQuery Localizer::understand(std::span<const WeightedSketch> wanted, std::span<const WeightedSketch> unwanted) const {
  if (std::none_of(wanted.begin(), wanted.end(), [](const WeightedSketch& s) { return s.weight > 0; })) {
    fail<UsageError>("nothing to look for: give at least one sketch with a weight over 0");
  }
  return translated([&] {
    const std::int64_t size = model_->config.sketch.size;
    SketchQuery query;
    for (const WeightedSketch& sketch : wanted) query.drawings_.push_back(sketch.sketch);
    query.wanted_ = std::make_shared<QueryTensors>(model_->network->understand(rasterTensor(wanted, size), weightTensor(wanted)));
    if (!unwanted.empty()) {
      // Each unwanted drawing is a query of its own: being like any of them is enough.
      const Tensor ones = at::ones({static_cast<std::int64_t>(unwanted.size()), 1});
      query.unwanted_ = std::make_shared<QueryTensors>(model_->network->understand(rasterTensor(unwanted, size), ones));
    }
    return query;
  });
}

Detections Localizer::locate(const SketchQuery& query, const PhotoFeatures& photo, const LocateOptions& options) const {
  const std::pair<const SketchQuery*, const PhotoFeatures*> pair{&query, &photo};
  return locate(std::span(&pair, 1), options).front();
}

std::vector<Detections> Localizer::locate(std::span<const std::pair<const SketchQuery*, const PhotoFeatures*>> pairs,
                                          const LocateOptions& options) const {
  std::vector<const QueryTensors*> queries;
  std::vector<const PhotoBatch*> photos;
  for (const auto& [query, photo] : pairs) {
    if (query->empty() || photo->empty()) fail<UsageError>("locate: a query or a photo is empty");
    if (query->sketches() != pairs.front().first->sketches()) fail<UsageError>("locate: queries with different numbers of sketches in one batch");
    queries.push_back(query->wanted_.get());
    photos.push_back(photo->data_.get());
  }
  if (pairs.empty()) return {};
  return translated([&] {
    const ModelConfig& config = model_->config;
    const auto located = model_->network->locate(joinPhotos(photos), joinQueries(queries), config.trunk.proposals, false, model_->trunk.get());
    std::vector<Detections> results;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const auto row = static_cast<std::int64_t>(i);
      Tensor logits = located.logits[row];
      Tensor scores = at::sigmoid(logits);
      if (const auto& unwanted = pairs[i].first->unwanted_) {
        // A box that looks more like an unwanted drawing than like the wanted ones loses its score.
        const std::int64_t count = unwanted->embedding.size(0);
        const std::vector<const PhotoBatch*> repeated(static_cast<std::size_t>(count), photos[i]);
        const auto other = model_->network->locate(joinPhotos(repeated), *unwanted, config.trunk.proposals, false, model_->trunk.get());
        const Tensor rival = std::get<0>(other.matchLogits.max(0)).index_select(0, located.proposals[row]);
                scores = scores * at::sigmoid(located.startLogits[row] - rival);
      }
      results.push_back(detectionsOf(located, row, scores, pairs[i].second->photo(), config.finalOverlap, options));
    }
    return results;
  });
}

AttentionMaps Localizer::attend(const SketchQuery& query, const PhotoFeatures& photo) const {
  if (query.empty() || photo.empty()) fail<UsageError>("attend: the query or the photo is empty");
  return translated([&] {
    const auto located = model_->network->locate(*photo.data_, *query.wanted_, model_->config.trunk.proposals, true, model_->trunk.get());
    AttentionMaps maps;
    const TokenGrid grid = model_->network->grid();
    maps.layers = static_cast<int>(located.guided.sketchMaps.size());
    maps.heads = static_cast<int>(model_->config.guidance.heads);
    maps.gridWidth = static_cast<int>(grid.width);
    maps.gridHeight = static_cast<int>(grid.height);
    maps.keys = static_cast<int>(query.wanted_->tokens.size(1));
    maps.sketches = static_cast<int>(query.sketches());
    maps.sketchSide = static_cast<int>(model_->config.sketch.size / 16);
    maps.contentWidth = photo.contentWidth_;
    maps.contentHeight = photo.contentHeight_;
    maps.toSketch = floatsOf(at::cat(located.guided.sketchMaps));
    std::vector<Tensor> mixing;
    for (const Tensor& map : located.guided.selfMaps) mixing.push_back(map.mean(1));
    maps.toPhoto = floatsOf(at::cat(mixing));
    maps.relevance = floatsOf(at::sigmoid(located.guided.relevance));
    return maps;
  });
}

double Localizer::threshold() const { return model_->config.threshold; }
const Json& Localizer::card() const { return model_->card; }

std::int64_t Localizer::parameterCount() const {
  std::int64_t count = model_->network->parameterCount();
  count += const_cast<VisionTransformer&>(model_->trunk->vit()).parameterCount();
  if (const EfficientNetLite* cnn = model_->trunk->cnn()) {
    for (const auto& [name, tensor] : cnn->foldedState()) count += tensor.numel();
  }
  return count;
}

}  // namespace inkling
