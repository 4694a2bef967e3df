// `inkling eval merge`: the figures of an evaluation whose photos several machines have looked at.
#pragma once

#include <string>
#include <vector>

#include "app/options.h"

namespace inkling {

struct EvalMergeOptions {
  std::vector<std::string> parts;
  std::string out, reliability;  ///< may be empty
};

/// Declares the subcommand below `eval`.
CLI::App* declareEvalMerge(CLI::App& eval, EvalMergeOptions& options);

/// Prints and writes what one run over all photos would have: see mergeEvalParts. Returns
/// kSomeFailed when photos or drawings were left out. Throws UsageError, InputError, OutputError.
int mergeEvaluations(const EvalMergeOptions& options);

}  // namespace inkling
