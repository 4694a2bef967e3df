// How fast work goes, and how long it will still take.
//
//   RateMeter meter;
//   meter.note(photosDone, nowMs);          // whenever something is done
//   meter.rate();                           // photos a second, over the last few seconds
//   meter.remaining(photosLeft);            // seconds
#pragma once

#include <QtGlobal>
#include <deque>
#include <optional>

namespace inkling {

class RateMeter {
 public:
  /// What is older does not count: the rate follows when photos become larger.
  static constexpr qint64 kWindow = 20000;  // ms

  /// `done` never falls, except when another piece of work begins: then the meter starts anew.
  void note(std::size_t done, qint64 nowMs);
  /// After a pause: the time that passed was no work.
  void restart();

  /// Units a second; nothing before two seconds have been seen.
  std::optional<double> rate() const;
  std::optional<double> remaining(std::size_t left) const;

 private:
  struct Sample {
    qint64 ms;
    std::size_t done;
  };
  std::deque<Sample> samples_;
};

}  // namespace inkling
