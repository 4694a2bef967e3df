// Stage three: sketch fusion, guided encoder and decoder, on cached trunk features. Each step asks
// a few scenes for words that are there and words that are not, with one or several drawings a
// word.
//
// Losses: the set criterion (Hungarian matching, focal, L1, GIoU) at every decoder layer; a focal
// loss on the relevance of every photo token (is it inside a wanted box?); and, for early guidance,
// which has no stage two, the matching loss. The matching head is left as stage two made it: each
// photo is asked of the member that does not know it, so that what is built on its scores holds on
// new photos.
#pragma once

#include "core/training/matching_trainer.h"
#include "core/training/set_criterion.h"

namespace inkling {

struct GuidedTrainerOptions {
  StageOptions stage;
  std::int64_t scenes = 3;  ///< a step
  std::int64_t presentWords = 2, absentWords = 1;
  std::int64_t queries = 60;  ///< objects of the decoder while training
  std::vector<std::int64_t> sketchCounts = {
      1, 1, 1, 2, 3, 5};  ///< drawings a word; one is picked for each step
  double relevanceWeight = 1.0, matchWeight = 1.0;
  SetCriterionOptions criterion;
};

/// Whether the guided stage changes the tensor of a network called `name`: all but the sketch
/// encoder and what goes with it, the index, and, where a stage of its own has trained it, the
/// matching head.
bool trainedByGuidedStage(const std::string& name, const GuidanceConfig& guidance);

/// Trains that part of `network`. `trunk` is needed for early guidance.
void trainGuided(LocalizerNetwork& network, const std::vector<Scene>& scenes,
                 const SketchSet& sketches, const GuidedTrainerOptions& options,
                 const RunContext& context, const Trunk* trunk);

}  // namespace inkling
