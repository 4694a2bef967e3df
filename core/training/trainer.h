// A whole training run from one configuration: sketch encoder, matching embedding, guided part,
// choice of the default threshold, and the model file with its card.
//
//   folder/model.safetensors               the result
//   folder/log.csv                         losses and held-out figures of every stage
//   folder/<stage>.checkpoint.safetensors  to resume from
//
// With "base", a finished model file, only a part of it is trained anew, and the result is that
// model with it: the guided part if there is a "guidance" section (what it leaves out stays as in
// the base), otherwise the region embedding that photos are indexed with (region_trainer.h).
//
// Everything random follows from the configuration's seed: on the processor of one machine, with
// one number of threads, two runs write the same bytes, and a run that was interrupted and resumed
// writes them too. On a card seeds, samples and losses are the same, but some of its sums have no
// fixed order and dropout is drawn from the card's own generator: runs differ as noise does. A run
// may be resumed on another device, or in another precision, than it began with.
#pragma once

#include <filesystem>

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include "core/base/cancellation.h"
#include "core/base/json.h"
#include "core/base/progress.h"
#include "core/training/train_log.h"

namespace inkling {

struct TrainRequest {
  std::filesystem::path
      config;                 ///< JSON; see resources/models/inkling-s.train.json for every field
  std::filesystem::path out;  ///< folder of the run
  std::filesystem::path dataRoot;  ///< replaces the configuration's data_root if not empty
  std::filesystem::path cache;     ///< folder for trunk features; empty: `out`/features
  bool resume = false;
  at::Device device{at::kCPU};  ///< where networks are trained (core/nn/device.h chooses one)
  /// kFloat, or kBFloat16 for mixed precision (core/nn/mixed_precision.h).
  at::ScalarType precision = at::kFloat;
  std::string lastStage = "guided";  ///< "sketch" or "matching" stop earlier, without a model file
};

/// Throws UsageError or InputError for a configuration or data that cannot be used, OutputError
/// when `out` cannot be written (before any work) or holds a run already and `resume` is false,
/// Cancelled after writing a checkpoint. Returns the log.
TrainLog train(const TrainRequest& request, const ProgressCallback& progress,
               const CancellationToken& cancellation);

}  // namespace inkling
