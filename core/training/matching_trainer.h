// Stage two: the matching embedding. Boxes of photos and drawings of their words are drawn together by a contrastive
// loss over words (with single-object photos and classifier prototypes as further examples), and the score of every
// (proposal, drawing) pair of a scene is trained with a focal loss.
#pragma once

#include "core/training/scenes.h"
#include "core/training/sketch_bank.h"

namespace inkling {

struct MatchingTrainerOptions {
  StageOptions stage;
  std::int64_t scenes = 8;        ///< a step
  std::int64_t presentWords = 3, absentWords = 2;
  std::int64_t objects = 64;      ///< single-object examples a step
  double contrastWeight = 0.5, pairWeight = 2.0;
  double detectorDropout = 0.2;   ///< probability that a step does without the detector's class scores
};

/// A scene with its pooled features, held in memory.
struct PooledScene {
  const Scene* scene = nullptr;
  RegionFeatures proposals;  ///< [1, P, .]
  ObjectSet objects;         ///< its own boxes
};

/// Pools the features of `scenes` (late guidance).
std::vector<PooledScene> poolScenes(const std::vector<Scene>& scenes, const LocalizerNetwork& network, const RunContext& context);

/// Trains each member of `head` on the scenes of the other members' folds (a single one on those that are not held) and
/// logs its loss on the rest.
void trainMatching(MatchHead& head, const std::vector<PooledScene>& scenes, const ObjectSet& objects, const SketchBank& bank,
                   const MatchingTrainerOptions& options, const RunContext& context);

/// Words to ask a scene for: up to `present` that are there and `absent` that are not.
std::vector<std::int64_t> chooseWords(const Scene& scene, std::int64_t present, std::int64_t absent, Random& random);

}  // namespace inkling
