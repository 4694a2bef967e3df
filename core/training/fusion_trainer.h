// How much each of several drawings of the same thing counts, and how much surer they make the
// answer: the pooling of the sketch fusion learns to name the word that random drawings share. No
// photo is needed.
#pragma once

#include "core/nn/sketch_fusion.h"
#include "core/training/sketch_bank.h"

namespace inkling {

struct FusionTrainerOptions {
  StageOptions stage;
  std::int64_t batch = 128;  ///< words a step
  std::vector<std::int64_t> sketchCounts = {
      2, 3, 4, 5};  ///< drawings a word; one count is picked for each step
};

/// Trains `pooling` on drawings of `words`; logs the loss, and that of a mean opinion
/// ("mean_loss").
void trainFusion(SketchFusion::Pooling& pooling, const SketchBank& bank,
                 const std::vector<std::int64_t>& words, const FusionTrainerOptions& options,
                 const RunContext& context);

}  // namespace inkling
