// The verb describe.
#include "core/inference/engine.h"
#include "core/inference/localizer.h"
#include "core/inference/translated.h"
#include "core/inference/trunk_input.h"

namespace inkling {
namespace {

TrunkInput joined(const std::vector<TrunkInput>& inputs) {
  if (inputs.size() == 1) return inputs.front();
  const auto join = [&](auto field) {
    std::vector<Tensor> parts;
    for (const TrunkInput& input : inputs) parts.push_back(field(input));
    return parts.front().defined() ? at::cat(parts) : Tensor();
  };
  return {join([](const TrunkInput& i) { return i.vit; }),
          join([](const TrunkInput& i) { return i.cnn; }),
          join([](const TrunkInput& i) { return i.detector; }),
          join([](const TrunkInput& i) { return i.content; })};
}

// One photo of a batch, in memory of its own: a view would keep all of them.
PhotoBatch rowOf(PhotoBatch batch, std::int64_t row, std::size_t photos) {
  if (photos == 1) return batch;
  for (Tensor* tensor : batch.tensors())
    if (tensor->defined()) *tensor = tensor->slice(0, row, row + 1).clone();
  return batch;
}

}  // namespace

int Localizer::batchSize() const { return engine_->batchSize; }

std::vector<PhotoFeatures> Localizer::describe(std::span<const PhotoToDescribe> photos) const {
  if (photos.empty()) return {};
  return translated([&] {
    const Model& worker = engine_->worker();
    std::vector<TrunkInput> inputs;
    for (const PhotoToDescribe& photo : photos)
      inputs.push_back(makeTrunkInput(*photo.image, worker.config.trunk, engine_->device));
    PhotoBatch described = worker.network->prepare(worker.trunk->describeBatch(joined(inputs)));
    worker.network->embedRegions(described);
    const PhotoBatch batch = described.to(at::kCPU);
    std::vector<PhotoFeatures> all;
    for (const auto& [image, full] : photos) {
      PhotoFeatures features;
      features.photo_ = full == Size{} ? image->size() : full;
      const double longer = std::max(image->width, image->height);
      features.contentWidth_ = image->width / longer;
      features.contentHeight_ = image->height / longer;
      features.data_ = std::make_shared<PhotoBatch>(
          rowOf(batch, static_cast<std::int64_t>(all.size()), photos.size()));
      all.push_back(std::move(features));
    }
    return all;
  });
}

PhotoFeatures Localizer::describe(const Image& photo, Size full) const {
  const PhotoToDescribe one{&photo, full};
  return std::move(describe(std::span(&one, 1)).front());
}

}  // namespace inkling
