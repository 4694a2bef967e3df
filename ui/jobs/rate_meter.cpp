#include "ui/jobs/rate_meter.h"

namespace inkling {
namespace {

constexpr qint64 kLeast = 2000;   // ms before a rate is worth telling
constexpr qint64 kBetween = 100;  // ms between samples that are kept

}  // namespace

void RateMeter::note(std::size_t done, qint64 nowMs) {
  if (!samples_.empty() && (done < samples_.back().done || nowMs < samples_.back().ms)) restart();
  if (samples_.size() > 1 && nowMs - samples_[samples_.size() - 2].ms < kBetween)
    samples_.back() = {nowMs, done};
  else
    samples_.push_back({nowMs, done});
  while (samples_.size() > 2 && nowMs - samples_[1].ms > kWindow) samples_.pop_front();
}

void RateMeter::restart() { samples_.clear(); }

std::optional<double> RateMeter::rate() const {
  if (samples_.size() < 2) return {};
  const qint64 passed = samples_.back().ms - samples_.front().ms;
  const std::size_t done = samples_.back().done - samples_.front().done;
  if (passed < kLeast || done == 0) return {};
  return 1000.0 * static_cast<double>(done) / static_cast<double>(passed);
}

std::optional<double> RateMeter::remaining(std::size_t left) const {
  const std::optional<double> speed = rate();
  if (!speed) return {};
  return static_cast<double>(left) / *speed;
}

}  // namespace inkling
