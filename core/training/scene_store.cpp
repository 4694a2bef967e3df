#include "core/training/scene_store.h"

namespace inkling {
namespace {

std::int64_t sizeOf(const PhotoTensors& photo) {
  std::int64_t bytes = 0;
  for (const Tensor* tensor : {&photo.tokens, &photo.stem, &photo.cnnMap, &photo.boxes,
                               &photo.objectness, &photo.classes}) {
    if (tensor->defined()) bytes += static_cast<std::int64_t>(tensor->nbytes());
  }
  return bytes;
}

}  // namespace

SceneStore::SceneStore(at::Device device, std::int64_t bytes)
    : device_(device), bytes_(device.is_cpu() ? 0 : bytes) {}

PhotoTensors SceneStore::read(const Scene& scene) {
  const auto found = photos_.find(scene.features);
  if (found != photos_.end()) return found->second.to(device_, at::kFloat);
  const PhotoTensors photo = readStoredTensors(scene.features).to(device_);
  if (const std::int64_t size = sizeOf(photo); held_ + size <= bytes_) {
    photos_.emplace(scene.features, photo);
    held_ += size;
  }
  return photo.to(device_, at::kFloat);
}

std::vector<Scene> scenesOn(at::Device device, const std::vector<Scene>& scenes) {
  std::vector<Scene> placed = scenes;
  for (Scene& scene : placed) {
    for (WordBoxes& object : scene.objects) object.boxes = object.boxes.to(device);
    if (scene.ignored.defined()) scene.ignored = scene.ignored.to(device);
  }
  return placed;
}

}  // namespace inkling
