// The last settings of a model: how far the decoder's corrections of the scores are trusted, above
// which overlap the weaker of two boxes is dropped, the score from which a detection counts as a
// match, and how probable it is that a photo shows what is looked for. Chosen on held-out training
// photos.
#pragma once

#include "core/training/scenes.h"
#include "core/training/sketch_set.h"
#include "core/training/sketch_trainer.h"

namespace inkling {

struct OutputChoice {
  double refinement = 1;
  double overlap = 0.5;
  double ap50 = 0;       ///< over the boxes of all held queries, with these two
  double matchAp50 = 0;  ///< the same with scores of the matching alone
  double wholeAp50 = 0;  ///< and with the whole correction
  /// Of the best box: with the correction, and of the matching alone.
  double presenceAuroc = 0, matchPresenceAuroc = 0;
  std::vector<double> presence = {1, 0, 0};  ///< as in ModelConfig
  double fittedPresenceAuroc = 0;            ///< of that
  double threshold = 0.3;
  double f1 = 0, precision = 0, recall = 0;  ///< at that threshold, boxes at IoU 0.5
  std::int64_t queries = 0;
};

/// Asks every held scene for each word that is there and as many that are not (one drawing each);
/// takes the share of the correction and the overlap with the best AP50, and then the threshold
/// with the best F1. Without held scenes the defaults stay.
OutputChoice chooseOutput(const LocalizerNetwork& network, const std::vector<Scene>& scenes,
                          const SketchSet& sketches, std::uint64_t seed, const Trunk* trunk);

}  // namespace inkling
