// Random numbers that are the same on every machine and compiler (the distributions of <random> are
// not), with a state that a checkpoint can store. PCG32 by M. O'Neill, "PCG: A Family of Simple
// Fast Space-Efficient Statistically Good Algorithms for Random Number Generation" (2014).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace inkling {

class Random {
 public:
  /// Generators with the same seed and different streams are independent.
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0);

  /// 32 uniform bits.
  std::uint32_t next();
  /// Uniform in 0 .. bound-1, without bias. `bound` > 0.
  std::uint32_t below(std::uint32_t bound);
  /// Uniform in [0, 1).
  double uniform();
  /// Uniform in [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Normal with mean 0 and standard deviation 1.
  double normal();
  /// True with the given probability.
  bool chance(double probability) { return uniform() < probability; }

  template <typename T>
  void shuffle(std::vector<T>& values) {
    for (std::size_t i = values.size(); i > 1; --i) {
      std::swap(values[i - 1], values[below(static_cast<std::uint32_t>(i))]);
    }
  }
  /// A uniformly chosen element. `values` is not empty.
  template <typename T>
  const T& pick(const std::vector<T>& values) {
    return values[below(static_cast<std::uint32_t>(values.size()))];
  }

  /// The whole state as text, and back (throws UsageError if it is not such a text).
  std::string state() const;
  void setState(const std::string& text);

 private:
  std::uint64_t state_ = 0;
  std::uint64_t increment_ = 1;
};

/// Mixes values into a seed, for a generator of its own per (epoch, sample): the result depends on
/// all of them.
std::uint64_t mixSeed(std::uint64_t a, std::uint64_t b, std::uint64_t c = 0);

}  // namespace inkling
