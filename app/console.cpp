#include "app/console.h"

#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fmt/format.h>

#include "app/terminal_progress.h"
#include "core/base/error.h"
#include "core/base/path.h"

namespace inkling {

void printResult(std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (!written || std::fflush(stdout) != 0) {
    fail<OutputError>("the standard output cannot be written ({})",
                      std::generic_category().message(errno));
  }
}

void complain(std::string_view message) {
  TerminalProgress::wipe();
  const std::string line = fmt::format("inkling: {}\n", printable(message));
  std::fwrite(line.data(), 1, line.size(), stderr);
}

std::string printable(std::string_view text) {
  std::string out = toValidUtf8(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return out;
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace inkling
