// The features of scenes while a stage trains on them.
//
//   SceneStore store(context.device, context.heldBytes);
//   PhotoTensors photo = store.read(scene);   // float32, on the device
//
// On a card, what was read once stays there in the half precision of the files while `bytes` of
// memory last, so that a step waits neither for the disk nor for the bus; on the processor the
// system keeps the files in memory, and nothing is held twice.
#pragma once

#include <map>

#include "core/training/scenes.h"

namespace inkling {

class SceneStore {
 public:
  /// Holds up to `bytes` of features, on a device that is not the processor.
  SceneStore(at::Device device, std::int64_t bytes);

  /// Throws what readPhotoTensors throws.
  PhotoTensors read(const Scene& scene);

  std::int64_t bytesHeld() const { return held_; }

 private:
  at::Device device_;
  std::int64_t bytes_, held_ = 0;
  std::map<std::filesystem::path, PhotoTensors> photos_;
};

/// Copies of scenes whose boxes lie on `device`.
std::vector<Scene> scenesOn(at::Device device, const std::vector<Scene>& scenes);

}  // namespace inkling
