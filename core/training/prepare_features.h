// Looks at every training photo once and stores what the frozen trunk says, so that training costs
// no trunk pass. The only part of training that decodes photos.
#pragma once

#include "core/nn/model_file.h"
#include "core/training/data_config.h"
#include "core/training/run_context.h"
#include "core/training/scenes.h"
#include "core/training/sketch_set.h"

namespace inkling {

/// Scenes of all sources and their mirror images, features in `cache` (made where missing; safe to
/// interrupt). Categories without a word, and words in `data.excludedWords`, are left out; a photo
/// that shows an excluded word is an error, since the model must not see it. `trunk` lies on the
/// context's device.
std::vector<Scene> prepareScenes(const DataConfig& data, const std::vector<std::string>& words,
                                 const Trunk& trunk, const ModelConfig& config,
                                 const std::filesystem::path& cache, const RunContext& context);

/// Single-object photos at half resolution (they are small), and the CNN classifier's rows as
/// prototypes of the words in the ImageNet table (CNN features only). Cached as one file.
ObjectSet prepareObjects(const DataConfig& data, const std::vector<std::string>& words,
                         const TrunkWeights& weights, const ModelConfig& config,
                         const std::filesystem::path& cache, const RunContext& context);

}  // namespace inkling
