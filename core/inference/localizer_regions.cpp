// The part of Localizer that serves an index of photos.
#include <algorithm>
#include <cmath>

#include "core/inference/engine.h"
#include "core/inference/translated.h"
#include "core/nn/region_head.h"
#include "core/nn/tensor_values.h"

namespace inkling {

struct RegionQuery::Projected {
  RegionHead::Query query;
};

namespace {

// Drawings are seldom of more than four words that are worth a search of their own.
constexpr std::int64_t kProbes = 4;

const RegionHead& headOf(const Model& model) {
  const RegionHead* head = model.network->regionHead();
  if (head == nullptr) {
    fail<ModelError>(
        "this model was trained without an index of regions (\"index\" of its configuration)");
  }
  return *head;
}

// Photos of one batch, padded to as many regions as the largest has.
RegionHead::Regions batchOf(std::span<const PhotoRegions> photos, std::int64_t dim) {
  std::size_t most = 1;
  for (const PhotoRegions& photo : photos) most = std::max(most, photo.regions.size());
  const auto count = static_cast<std::int64_t>(photos.size()),
             rows = static_cast<std::int64_t>(most);
  RegionHead::Regions batch{at::zeros({count, rows, dim}),
                            at::zeros({count, rows}),
                            at::zeros({count, rows}),
                            {},
                            at::zeros({count, rows}, at::kBool)};
  for (std::size_t i = 0; i < photos.size(); ++i) {
    const PhotoRegions& photo = photos[i];
    if (photo.dimension != dim) fail<UsageError>("regions of another model");
    std::ranges::copy(photo.vectors,
                      batch.vectors.data_ptr<float>() + i * most * static_cast<std::size_t>(dim));
    for (std::size_t r = 0; r < photo.regions.size(); ++r) {
      batch.objectness.data_ptr<float>()[i * most + r] = photo.regions[r].objectness;
      batch.spread.data_ptr<float>()[i * most + r] = photo.regions[r].spread;
      batch.valid.data_ptr<bool>()[i * most + r] = true;
    }
  }
  return batch;
}

}  // namespace

bool Localizer::hasIndex() const { return engine_->model->network->regionHead() != nullptr; }

int Localizer::indexDimension() const {
  return static_cast<int>(headOf(*engine_->model).dim()) + 2;
}

PhotoRegions Localizer::regions(const PhotoFeatures& photo) const {
  if (photo.empty()) fail<UsageError>("regions: the photo is empty");
  const RegionHead& head = headOf(*engine_->model);
  return translated([&] {
    const RegionHead::Regions chosen = head.choose(
        *photo.data_, engine_->model->network->matchHead(), engine_->model->config.indexRegions);
    PhotoRegions result;
    result.dimension = static_cast<int>(head.dim());
    const std::int64_t count = chosen.valid.sum().item<std::int64_t>();
    const Tensor boxes = chosen.boxes.contiguous(), objectness = chosen.objectness.contiguous(),
                 spread = chosen.spread.contiguous();
    const double side = std::max(photo.photo_.width, photo.photo_.height);
    for (std::int64_t i = 0; i < count; ++i) {
      const float* b = boxes.data_ptr<float>() + i * 4;
      const Box box{(b[0] - b[2] / 2) * side, (b[1] - b[3] / 2) * side, b[2] * side, b[3] * side};
      result.regions.push_back(
          {clip(box, photo.photo_), objectness.data_ptr<float>()[i], spread.data_ptr<float>()[i]});
    }
    result.vectors = floatsOf(chosen.vectors[0].slice(0, 0, count));
    return result;
  });
}

std::vector<float> Localizer::indexVectors(const PhotoRegions& regions) const {
  const RegionHead& head = headOf(*engine_->model);
  if (regions.regions.empty()) return {};
  return translated([&] {
    return floatsOf(head.indexed(batchOf(std::span(&regions, 1), head.dim()),
                                 engine_->model->network->matchHead()));
  });
}

RegionQuery Localizer::regionQuery(const SketchQuery& query) const {
  if (query.empty()) fail<UsageError>("regionQuery: the query is empty");
  const RegionHead& head = headOf(*engine_->model);
  return translated([&] {
    const MatchHead& match = engine_->model->network->matchHead();
    RegionQuery result;
    auto projected = std::make_shared<RegionQuery::Projected>();
    projected->query = head.project(*query.wanted_, match);
    result.probes_ = floatsOf(head.probes(projected->query, match, kProbes));
    result.projected_ = std::move(projected);
    return result;
  });
}

std::vector<float> Localizer::wordProbes() const {
  const RegionHead& head = headOf(*engine_->model);
  return translated(
      [&] { return floatsOf(head.wordProbes(engine_->model->network->matchHead())); });
}

std::vector<double> Localizer::estimate(const RegionQuery& query,
                                        std::span<const PhotoRegions> photos) const {
  if (!query.projected_) fail<UsageError>("estimate: the query is empty");
  if (photos.empty()) return {};
  const RegionHead& head = headOf(*engine_->model);
  return translated([&] {
    const RegionHead::Scores scores = head.score(
        query.projected_->query, batchOf(photos, head.dim()), engine_->model->network->matchHead());
    const Tensor best = std::get<0>(scores.logits.max(1));
    std::vector<double> result;
    for (std::size_t i = 0; i < photos.size(); ++i) {
      const auto row = static_cast<std::int64_t>(i);
      result.push_back(photos[i].regions.empty()
                           ? 0
                           : engine_->model->presence(best[row].item<double>(),
                                                      scores.context[row].item<double>()));
    }
    return result;
  });
}

}  // namespace inkling
