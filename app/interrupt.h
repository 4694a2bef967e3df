// Ctrl-C.
#pragma once

#include "core/base/cancellation.h"

namespace inkling {

/// From now on SIGINT and SIGTERM set the flag of the returned token instead of ending the program.
/// A second signal of the same kind ends it at once, for whoever cannot wait.
CancellationToken cancelOnInterrupt();

}  // namespace inkling
