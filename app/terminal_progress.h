// Progress of long work on stderr: one line that is redrawn on a terminal, a plain line now and
// then in a log file, nothing when asked to be quiet.
#pragma once

#include <chrono>
#include <string>

#include "core/base/progress.h"

namespace inkling {

/// One at a time; it has to outlive the callback.
class TerminalProgress {
 public:
  explicit TerminalProgress(bool quiet);
  ~TerminalProgress() { wipe(); }
  TerminalProgress(const TerminalProgress&) = delete;
  TerminalProgress& operator=(const TerminalProgress&) = delete;

  void show(const ProgressUpdate& update);
  ProgressCallback callback() {
    return [this](const ProgressUpdate& update) { show(update); };
  }

  /// Takes the redrawn line off the terminal, so that other text can follow. Does nothing when
  /// there is none.
  static void wipe();

 private:
  using Clock = std::chrono::steady_clock;

  bool quiet_, terminal_;
  std::string stage_;
  std::int64_t firstDone_ = 0;  // of the stage, which may have been resumed in its middle
  Clock::time_point stageStart_, lastShown_;
};

/// "describing photos  12/100  3.4/s  0:26 left  cat.jpg"; `unitsPerSecond` 0 means not known.
std::string progressLine(const ProgressUpdate& update, double unitsPerSecond);

}  // namespace inkling
