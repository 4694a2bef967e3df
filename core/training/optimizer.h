// AdamW with decoupled weight decay (Loshchilov and Hutter, 2019), gradient clipping, a warm-up and
// cosine schedule, and an exponential moving average of the weights. The whole state can be stored
// and restored exactly.
#pragma once

#include <string>
#include <vector>

#include "core/nn/module.h"

namespace inkling {

struct OptimizerOptions {
  double learningRate = 1e-3;
  double weightDecay =
      0.05;  ///< on tensors of two or more dimensions; biases and norms are not decayed
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  double clipNorm = 1.0;  ///< 0: no clipping
  double averageDecay = 0.999;
};

/// Learning rate factor at `step` of `total`: linear from 0 over `warmup` steps, then a cosine down
/// to 1 % of 1.
double cosineSchedule(std::int64_t step, std::int64_t total, std::int64_t warmup);

class Optimizer {
 public:
  /// Trains the parameters of `module` (which must outlive this) and turns their gradients on.
  Optimizer(Module& module, const OptimizerOptions& options);

  void zeroGradients();
  /// One update with learning rate `options.learningRate * factor`; returns the norm of the
  /// gradients before clipping.
  double step(double factor);

  /// Puts the averaged weights into the module, or the trained ones back. Buffers (running
  /// statistics) are averaged too.
  void swapAverage();

  /// Moments, averages and the step counter under `prefix`; weights are the module's own to store.
  StateDict state(const std::string& prefix) const;
  /// Throws ModelError naming `source`.
  void load(const StateDict& state, const std::string& prefix, const std::string& source);

 private:
  struct Slot {
    std::string name;
    Tensor* value;
    bool trained;
    Tensor first, second, average;
  };
  // Lists, because a card works through a list at once; `values` and `averages` are of all slots,
  // the others of those that have a gradient.
  struct Lists {
    std::vector<Tensor> values, averages;
    std::vector<Tensor> trained, decayed, gradients, first, second;
  };
  Lists listTensors();
  static double normOf(const std::vector<Tensor>& gradients);

  OptimizerOptions options_;
  std::vector<Slot> slots_;
  std::int64_t steps_ = 0;
};

}  // namespace inkling
