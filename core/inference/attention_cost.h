// Time, memory and multiply-adds of the attention mechanisms against the number of tokens: one
// layer of each, as it stands in the guided encoder.
//
//   const auto costs = measureAttention({"multi-head", "additive"}, {.tokens = {256, 1024, 4096}});
//   costs[1].exponent;      // of the line through time against tokens, both logarithmic
//   costs[1].theoretical;   // what it comes to as the tokens grow
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/cancellation.h"
#include "core/base/progress.h"

namespace inkling {

struct TokenGrid;

struct CostSettings {
  std::int64_t dim = 128, heads = 4;
  std::vector<std::int64_t> tokens = {256, 1024, 4096, 16384};
  double seconds = 1;  ///< each size is run for so long at least; three times unless that takes
                       ///< several times as long
  int threads = 0;     ///< of the tensor library; 0: its own choice
};

struct CostRun {
  std::int64_t tokens = 0;
  double milliseconds = 0;  ///< shortest of the passes, without gradients, on all threads: whatever
                            ///< else a machine does only makes them longer
  double megabytes = 0;     ///< 1e6 bytes of tensors alive at one time at most, input included
  double gmacs = 0;         ///< 1e9 multiply-adds (see operator_cost.h)
};

struct MechanismCost {
  std::string mechanism;
  double exponent = 0;  ///< of time; not a number for fewer than two sizes
  double theoretical = 0;
  std::vector<CostRun> runs;
};

/// The grid that so many tokens are laid out in: as square as can be.
TokenGrid gridOf(std::int64_t tokens);

/// Slope of log(milliseconds) over log(tokens) by least squares; not a number for fewer than two
/// different sizes.
double fittedExponent(const std::vector<CostRun>& runs);

/// Threads that are computed on, after a measurement.
int computingThreads();

/// What one size costs. Random weights and tokens; the second of two layers, so that mechanisms
/// that use what layers hand on do. Throws UsageError for an unknown mechanism, or settings that it
/// cannot have, Error when there is not enough memory.
CostRun measureAttentionAt(const std::string& mechanism, std::int64_t tokens,
                           const CostSettings& settings);

/// All sizes, and at each of them the mechanisms in turn, so that whatever else the machine does
/// meanwhile troubles all alike. Throws Cancelled between two measurements.
std::vector<MechanismCost> measureAttention(const std::vector<std::string>& mechanisms,
                                            const CostSettings& settings,
                                            const CancellationToken& token = {},
                                            const ProgressCallback& progress = {});

}  // namespace inkling
