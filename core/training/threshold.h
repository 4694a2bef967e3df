// The score from which a detection counts as a match, chosen on held-out training photos.
#pragma once

#include "core/training/scenes.h"
#include "core/training/sketch_set.h"
#include "core/training/sketch_trainer.h"

namespace inkling {

struct ThresholdChoice {
  double threshold = 0.3;
  double f1 = 0, precision = 0, recall = 0;  ///< at that threshold, boxes at IoU 0.5, on the held scenes
  std::int64_t queries = 0;
};

/// Asks every held scene for each word that is there and as many that are not (one drawing each) and takes the
/// threshold with the best F1 over boxes. Without held scenes the default stays.
ThresholdChoice chooseThreshold(const LocalizerNetwork& network, const std::vector<Scene>& scenes, const SketchSet& sketches,
                                std::uint64_t seed, const Trunk* trunk);

}  // namespace inkling
