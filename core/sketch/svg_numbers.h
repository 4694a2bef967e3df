// The lists of numbers in SVG attributes, with or without commas. Internal to core/sketch.
#pragma once

#include <charconv>
#include <cstddef>
#include <string_view>
#include <system_error>

#include "core/base/error.h"
#include "core/base/path.h"

namespace inkling {

class SvgNumbers {
 public:
  explicit SvgNumbers(std::string_view text) : text_(text) {}

  /// True when nothing but separators is left.
  bool done() {
    skipSeparators();
    return at_ >= text_.size();
  }

  /// The next character, separators passed over; '\0' at the end.
  char peek() { return done() ? '\0' : text_[at_]; }
  char take() { return done() ? '\0' : text_[at_++]; }

  bool atNumber() {
    const char c = peek();
    return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+';
  }

  /// The next number. Throws InputError (without a file name) if there is none or it is out of
  /// range.
  double number() {
    if (!atNumber()) wrong();
    std::size_t start = at_;
    if (text_[start] == '+') ++start;
    const std::size_t digits = start + (start < text_.size() && text_[start] == '-' ? 1 : 0);
    // from_chars would take "inf" and "nan", too.
    if (digits >= text_.size() || !(isDigit(text_[digits]) || text_[digits] == '.')) wrong();
    double value = 0;
    const auto [end, error] =
        std::from_chars(text_.data() + start, text_.data() + text_.size(), value);
    if (error == std::errc::result_out_of_range) fail<InputError>("a number is out of range");
    if (error != std::errc()) wrong();
    at_ = static_cast<std::size_t>(end - text_.data());
    return value;
  }

  /// A flag of an arc: one digit, which the next number may follow at once.
  bool flag() {
    const char c = take();
    if (c != '0' && c != '1') wrong();
    return c == '1';
  }

  [[noreturn]] void wrong() const {
    const std::size_t start = at_ < text_.size() ? at_ : text_.size();
    fail<InputError>("expected a number before \"{}\"", toValidUtf8(text_.substr(start, 20)));
  }

 private:
  static bool isDigit(char c) { return c >= '0' && c <= '9'; }

  void skipSeparators() {
    while (at_ < text_.size() &&
           std::string_view(" ,\t\r\n\f").find(text_[at_]) != std::string_view::npos) {
      ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace inkling
