// How the program ends: the numbers that scripts rely on, and the one place that turns errors into
// them.
#pragma once

#include <functional>

namespace inkling {

enum ExitStatus : int {
  kDone = 0,
  kSomeFailed = 1,     ///< done, but some inputs failed; each was named on stderr
  kUsage = 2,          ///< the command line is wrong
  kNotStarted = 3,     ///< no model, no display, unwritable output
  kInterrupted = 130,  ///< Ctrl-C; what was done is written
};

/// Runs `work` and returns what it returns. An exception becomes a line on stderr and the status
/// that belongs to it; none leaves.
int guardedRun(const std::function<int()>& work);

}  // namespace inkling
