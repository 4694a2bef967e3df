// The errors of Inkling. Every exception that leaves a public function of core/ is one of these;
// exceptions of other libraries are translated where they are called. The message names the file
// (if there is one) and the reason, and is fit to be shown to a person as it is.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace inkling {

/// Root of all errors. `what()` is a whole sentence for a person.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An input file or value cannot be used: a broken photo, an empty sketch, a missing folder. Other
/// inputs go on.
class InputError : public Error {
 public:
  using Error::Error;
};

/// What the caller asked for makes no sense: an unknown option value, a configuration that
/// contradicts itself.
class UsageError : public Error {
 public:
  using Error::Error;
};

/// The model file is missing, broken or of another kind. Nothing can be done without it.
class ModelError : public Error {
 public:
  using Error::Error;
};

/// An output cannot be written: unwritable folder, full disk.
class OutputError : public Error {
 public:
  using Error::Error;
};

/// The work was cancelled by the user; what was finished is kept.
class Cancelled : public Error {
 public:
  Cancelled() : Error("cancelled") {}
};

/// Throws `E` with a message formatted by fmt: `fail<InputError>("{}: no ink", name)`.
template <typename E, typename... Args>
[[noreturn]] void fail(fmt::format_string<Args...> format, Args&&... args) {
  throw E(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace inkling
