// The lines of an ndjson text. Internal to core/sketch.
#pragma once

#include <cstddef>
#include <string_view>

namespace inkling {

/// Goes over the lines that are not empty.
class QuickDrawLines {
 public:
  explicit QuickDrawLines(std::string_view text) : rest_(text) {}

  /// The next line into `line`; false at the end.
  bool next(std::string_view& line) {
    while (!rest_.empty()) {
      const std::size_t end = rest_.find('\n');
      line = rest_.substr(0, end);
      rest_ = end == std::string_view::npos ? std::string_view{} : rest_.substr(end + 1);
      ++number_;
      if (line.find_first_not_of(" \t\r") != std::string_view::npos) return true;
    }
    return false;
  }

  /// The number of the last line, from 1, as an editor shows it.
  std::size_t number() const { return number_; }

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
};

}  // namespace inkling
