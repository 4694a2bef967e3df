// Last stage: the projections of the region embedding (core/nn/region_head.h), on a finished
// matching head.
//
// They begin with the best bilinear approximation of the matching head's linear part, and then
// learn from two losses over random regions of photos and random drawings of all words:
// - distillation: for each drawing, regions should be ranked as the matching head ranks them, and
//   for each region the drawings (Kullback-Leibler divergence of the softmax, both ways; Hinton,
//   Vinyals and Dean, 2015);
// - contrast: boxes lie near drawings of their word and away from drawings of other words that
//   photos teach, as in matching (van den Oord, Li and Vinyals, 2018).
// Training photos are described by the matching member that has not seen them (PooledScene::fold).
#pragma once

#include "core/nn/region_head.h"
#include "core/training/matching_trainer.h"

namespace inkling {

struct RegionTrainerOptions {
  StageOptions stage;
  std::int64_t proposals = 192;  ///< regions of photos, a step
  std::int64_t boxes = 96;       ///< boxes whose word is known, a step
  std::int64_t words = 64;       ///< drawings of any word, besides one of each taught word
  double contrast = 0.1;         ///< weight of the contrast beside the distillation
};

/// Trains `head` on `scenes` that are not held and drawings of `bank`, and logs on held scenes, at
/// the start ("index_start") and as trained: the loss, and how many of the 20 regions that the
/// matching head likes best for a drawing are among the 20 that the region embedding does
/// ("recall20").
void trainRegionHead(RegionHead& head, const MatchHead& match,
                     const std::vector<PooledScene>& scenes, const SketchBank& bank,
                     std::int64_t words, const RegionTrainerOptions& options,
                     const RunContext& context);

/// The projections that approximate r . u best in the mean square over regions r [N, width] and
/// directions u [M, width] at a given rank: two matrices [dim, width].
std::pair<Tensor, Tensor> bestProjections(const Tensor& regions, const Tensor& directions,
                                          std::int64_t dim);

}  // namespace inkling
