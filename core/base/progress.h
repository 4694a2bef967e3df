// Progress of long work, told to whoever shows it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace inkling {

struct ProgressUpdate {
  std::string stage;       ///< what is being done: "describing photos"
  std::int64_t done = 0;   ///< finished units
  std::int64_t total = 0;  ///< all units; 0 when not known
  std::string detail;      ///< the photo in hand, the current loss, ...
};

/// May be empty. Called from the working thread.
using ProgressCallback = std::function<void(const ProgressUpdate&)>;

}  // namespace inkling
