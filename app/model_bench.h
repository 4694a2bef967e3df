// `inkling model bench`: what attention mechanisms cost on this machine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/options.h"
#include "core/base/cancellation.h"

namespace inkling {

struct ModelBenchOptions {
  SharedOptions shared;
  std::vector<std::string> attention;  ///< names, or "all"
  std::vector<std::int64_t> tokens = {256, 1024, 4096, 16384};
  std::int64_t dim = 128, heads = 4;
  double seconds = 1;
  std::string format = "text", out, plot;
};

/// Declares the subcommand below `model`.
CLI::App* declareModelBench(CLI::App& model, ModelBenchOptions& options);

/// Measures, prints, and writes what is asked for. Throws UsageError, OutputError, Cancelled.
int benchModel(ModelBenchOptions options, const CancellationToken& interrupt);

}  // namespace inkling
