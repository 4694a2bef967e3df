#include "app/terminal_progress.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/console.h"

namespace inkling {
namespace {

constexpr std::chrono::milliseconds kRedrawEvery{100};
constexpr std::chrono::seconds kLineEvery{10};

// There is one stderr, so what stands on its last line is a matter of the whole program.
std::atomic<bool> lineOnTerminal{false};

std::size_t terminalWidth() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

// The first characters of UTF-8 text. Wide characters count as one: a line that wraps is ugly, not
// wrong.
std::string shortened(const std::string& text, std::size_t characters) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80 && seen++ == characters) {
      return text.substr(0, i);
    }
  }
  return text;
}

std::string duration(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::min(std::ceil(seconds), 3.6e8));
  const std::int64_t hours = whole / 3600, minutes = whole / 60 % 60;
  if (hours > 0) return fmt::format("{}:{:02}:{:02}", hours, minutes, whole % 60);
  return fmt::format("{}:{:02}", minutes, whole % 60);
}

}  // namespace

std::string progressLine(const ProgressUpdate& update, double unitsPerSecond) {
  std::string line = update.stage;
  line += update.total > 0 ? fmt::format("  {}/{}", update.done, update.total)
                           : fmt::format("  {}", update.done);
  if (unitsPerSecond > 0) {
    line += unitsPerSecond >= 0.1 ? fmt::format("  {:.1f}/s", unitsPerSecond)
                                  : fmt::format("  {:.1f}/min", unitsPerSecond * 60);
    if (update.total > update.done) {
      const double left = static_cast<double>(update.total - update.done) / unitsPerSecond;
      line += fmt::format("  {} left", duration(left));
    }
  }
  if (!update.detail.empty()) line += "  " + update.detail;
  return line;
}

TerminalProgress::TerminalProgress(bool quiet)
    : quiet_(quiet), terminal_(::isatty(STDERR_FILENO) == 1) {}

void TerminalProgress::show(const ProgressUpdate& update) {
  if (quiet_) return;
  const Clock::time_point now = Clock::now();
  const bool newStage = update.stage != stage_;
  if (newStage) {
    stage_ = update.stage;
    firstDone_ = update.done;
    stageStart_ = now;
  }
  const bool last = update.total > 0 && update.done >= update.total;
  const auto pause = terminal_ ? Clock::duration(kRedrawEvery) : Clock::duration(kLineEvery);
  if (!newStage && !last && now - lastShown_ < pause) return;
  lastShown_ = now;
  const double seconds = std::chrono::duration<double>(now - stageStart_).count();
  const auto done = static_cast<double>(update.done - firstDone_);
  const double rate = seconds > 0 ? done / seconds : 0;
  const std::string line = printable(progressLine(update, rate));
  if (terminal_) {
    fmt::print(stderr, "\r\x1b[K{}", shortened(line, terminalWidth() - 1));
    lineOnTerminal = true;
  } else {
    fmt::print(stderr, "{}\n", line);
  }
  std::fflush(stderr);
}

void TerminalProgress::wipe() {
  if (!lineOnTerminal.exchange(false)) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
}

}  // namespace inkling
