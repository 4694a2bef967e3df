// Which proposals of a scene show a given word.
#pragma once

#include "core/training/scenes.h"

namespace inkling {

struct PairLabels {
  Tensor target;  ///< [P] 1 where the proposal shows the word
  Tensor weight;  ///< [P] 0 where nobody can tell: half overlaps, crowds, unboxed places of scenes
                  ///< that are not exhaustive
};

/// Positive from IoU 0.5 with a box of `word`, ignored from 0.3. `boxes` [P, 4] cxcywh, `valid` [P]
/// bool, on one device, where the labels will lie.
PairLabels labelPairs(const Scene& scene, std::int64_t word, const Tensor& boxes,
                      const Tensor& valid);

/// The boxes of `word` in the scene: [n, 4], n = 0 when it is absent.
Tensor boxesOf(const Scene& scene, std::int64_t word);

}  // namespace inkling
