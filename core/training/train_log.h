// The log of a training run: one CSV row every few steps, and a line for whoever watches.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/base/progress.h"

namespace inkling {

struct LogRow {
  std::string stage;
  std::int64_t step = 0;
  std::map<std::string, double> values;  ///< "loss", "rate", "top1", ...
};

/// Appends rows "stage,step,name,value" to a CSV file; the file is rewritten whole and atomically
/// each time, so it is readable at any moment. On resuming, rows of steps that will be run again
/// are dropped.
class TrainLog {
 public:
  explicit TrainLog(std::filesystem::path file);
  /// Reads what an earlier run left; a file that is not such a log is an InputError.
  void readExisting();
  void add(const LogRow& row);
  /// Adds the only row of its stage, for figures that stand once however often a run was resumed.
  void replace(const LogRow& row);
  /// Forgets rows of `stage` from `step` on.
  void truncate(const std::string& stage, std::int64_t step);
  void save() const;
  const std::vector<LogRow>& rows() const { return rows_; }

 private:
  std::filesystem::path file_;
  std::vector<LogRow> rows_;
};

}  // namespace inkling
