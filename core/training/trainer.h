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
// Everything random follows from the configuration's seed: on one machine, with one number of
// threads, two runs write the same bytes, and a run that was interrupted and resumed writes them
// too.
#pragma once

#include <filesystem>

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
  std::string lastStage = "guided";  ///< "sketch" or "matching" stop earlier, without a model file
};

/// Throws UsageError or InputError for a configuration or data that cannot be used, OutputError
/// when `out` cannot be written (before any work) or holds a run already and `resume` is false,
/// Cancelled after writing a checkpoint. Returns the log.
TrainLog train(const TrainRequest& request, const ProgressCallback& progress,
               const CancellationToken& cancellation);

}  // namespace inkling
