// What every stage of a training run is given.
#pragma once

#include <chrono>
#include <filesystem>

#include "core/base/cancellation.h"
#include "core/base/progress.h"
#include "core/nn/module.h"
#include "core/training/optimizer.h"
#include "core/training/train_log.h"

namespace inkling {

struct RunContext {
  std::filesystem::path folder;  ///< where checkpoints and the log go
  std::uint64_t seed = 1;
  at::Device device{at::kCPU};            ///< where networks are, and what they learn from
  at::ScalarType precision = at::kFloat;  ///< of matrix products in a step (mixed_precision.h)
  std::int64_t heldBytes = 0;             ///< of a card's memory, for features (scene_store.h)
  bool resume = false;
  TrainLog* log = nullptr;
  ProgressCallback progress;
  CancellationToken cancellation;
};

/// Schedule and bookkeeping that all stages share. Everything random in a step is drawn from (seed,
/// stage, step), never from a running generator, so a resumed run repeats exactly what an
/// uninterrupted one would have done.
struct StageOptions {
  std::int64_t steps = 1000;
  std::int64_t warmup = 100;
  std::int64_t logEvery = 50;
  std::int64_t checkpointEvery = 250;
  std::filesystem::path
      start;  ///< a checkpoint of the same stage in another run whose weights this one begins with
  OptimizerOptions optimizer;
};

/// What a step gives: scalars, which may lie on a card.
struct StepResult {
  Tensor loss;                            ///< undefined: nothing was there to learn from
  std::map<std::string, Tensor> figures;  ///< more for the log
};

/// Runs the steps of one stage: learning rate, optimizer, log, progress with the loss, checkpoints,
/// cancellation.
class StageRunner {
 public:
  StageRunner(std::string stage, Module& module, const StageOptions& options,
              const RunContext& context);

  /// `step(i)` computes the loss of step i, in the context's precision. `evaluate` (may be empty)
  /// runs with the averaged weights, in float32, at each checkpoint and at the end; its values are
  /// logged too. Afterwards the module holds the averaged weights. When cancelled, a checkpoint is
  /// written and Cancelled thrown.
  void run(const std::function<StepResult(std::int64_t)>& step,
           const std::function<std::map<std::string, double>()>& evaluate = {});

  /// A seed for step i of this stage.
  std::uint64_t seedFor(std::int64_t step) const;

 private:
  /// One step; its figures are added to `sums`.
  void learn(std::int64_t index, const std::function<StepResult(std::int64_t)>& step,
             std::map<std::string, Tensor>& sums);
  std::filesystem::path checkpointFile() const;
  void saveCheckpoint(std::int64_t nextStep);
  std::int64_t loadCheckpoint();
  void loadStart();

  std::string stage_;
  Module& module_;
  StageOptions options_;
  const RunContext& context_;
  Optimizer optimizer_;
};

}  // namespace inkling
