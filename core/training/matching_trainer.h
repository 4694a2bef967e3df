// Stage two: the matching embedding. Boxes of photos are drawn to drawings of their words and away
// from drawings of all other words that photos teach, by a contrastive loss for each expert; photos
// of single objects and prototypes from a classifier's rows are further examples.
//
// Words that no photo teaches are never told where not to be: they keep the place that the sketch
// encoder gives them. (Pairs of proposals and drawings as a second loss, and negatives from the
// batch alone, were tried: see resources/models/EXPERIMENTS.md.)
#pragma once

#include "core/training/scenes.h"
#include "core/training/sketch_bank.h"

namespace inkling {

struct MatchingTrainerOptions {
  StageOptions stage;
  std::int64_t boxes = 48;    ///< of scenes, a step
  std::int64_t objects = 64;  ///< single-object examples a step
  std::int64_t drawings =
      2;  ///< of each word among them; one of every other word that photos teach
};

/// A scene with its pooled features, held in the processor's memory in half precision.
struct PooledScene {
  const Scene* scene = nullptr;
  RegionFeatures proposals;  ///< [1, P, .]
  ObjectSet objects;         ///< its own boxes
};

/// -log of the share that the right entries of each row of logits have (InfoNCE with several
/// positives), averaged over rows that have any.
Tensor contrastiveLoss(const Tensor& logits, const Tensor& right);

/// Pools the features of `scenes` (late guidance).
std::vector<PooledScene> poolScenes(const std::vector<Scene>& scenes,
                                    const LocalizerNetwork& network, const RunContext& context);

/// Trains each member of `head` on the scenes of the other members' folds (a single one on those
/// that are not held) and logs its loss and the share of boxes that it names right on the rest.
void trainMatching(MatchHead& head, const std::vector<PooledScene>& scenes,
                   const ObjectSet& objects, const SketchBank& bank,
                   const MatchingTrainerOptions& options, const RunContext& context);

}  // namespace inkling
