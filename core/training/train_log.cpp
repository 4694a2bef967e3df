#include "core/training/train_log.h"

#include <algorithm>
#include <sstream>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/path.h"

namespace inkling {

TrainLog::TrainLog(std::filesystem::path file) : file_(std::move(file)) {}

void TrainLog::readExisting() {
  if (!std::filesystem::exists(file_)) return;
  std::istringstream text(readFile(file_));
  std::string line;
  std::getline(text, line);
  while (std::getline(text, line)) {
    std::istringstream fields(line);
    std::string stage, step, name, value;
    std::getline(fields, stage, ',');
    std::getline(fields, step, ',');
    std::getline(fields, name, ',');
    std::getline(fields, value, ',');
    try {
      const std::int64_t number = std::stoll(step);
      if (rows_.empty() || rows_.back().stage != stage || rows_.back().step != number)
        rows_.push_back({stage, number, {}});
      rows_.back().values[name] = std::stod(value);
    } catch (const std::logic_error&) {
      fail<InputError>("{}: not a training log (\"{}\")", displayName(file_), line);
    }
  }
}

void TrainLog::add(const LogRow& row) { rows_.push_back(row); }

void TrainLog::replace(const LogRow& row) {
  truncate(row.stage, 0);
  add(row);
}

void TrainLog::truncate(const std::string& stage, std::int64_t step) {
  std::erase_if(rows_, [&](const LogRow& row) { return row.stage == stage && row.step >= step; });
}

void TrainLog::save() const {
  std::string text = "stage,step,name,value\n";
  for (const LogRow& row : rows_) {
    for (const auto& [name, value] : row.values)
      text += fmt::format("{},{},{},{:.6g}\n", row.stage, row.step, name, value);
  }
  writeFileAtomically(file_, text);
}

}  // namespace inkling
