#include "core/base/random.h"

#include <cmath>
#include <cstdio>
#include <numbers>

#include "core/base/error.h"

namespace inkling {

Random::Random(std::uint64_t seed, std::uint64_t stream) : increment_((stream << 1U) | 1U) {
  next();
  state_ += seed;
  next();
}

std::uint32_t Random::next() {
  const std::uint64_t old = state_;
  state_ = old * 6364136223846793005ULL + increment_;
  const auto shifted = static_cast<std::uint32_t>(((old >> 18U) ^ old) >> 27U);
  const auto rotation = static_cast<std::uint32_t>(old >> 59U);
  return (shifted >> rotation) | (shifted << ((32U - rotation) & 31U));
}

std::uint32_t Random::below(std::uint32_t bound) {
  // Values under the threshold would make small results likelier; they are drawn again.
  const std::uint32_t threshold = (0U - bound) % bound;
  for (;;) {
    const std::uint32_t value = next();
    if (value >= threshold) return value % bound;
  }
}

double Random::uniform() { return next() * 0x1p-32; }

double Random::normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::string Random::state() const { return fmt::format("{:016x}{:016x}", state_, increment_); }

void Random::setState(const std::string& text) {
  unsigned long long state = 0, increment = 0;
  if (text.size() != 32 || std::sscanf(text.c_str(), "%16llx%16llx", &state, &increment) != 2) {
    fail<UsageError>("not the state of a random generator: {}", text);
  }
  state_ = state;
  increment_ = increment;
}

std::uint64_t mixSeed(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  // The finaliser of SplitMix64 over a running sum.
  std::uint64_t h = 0;
  for (const std::uint64_t value : {a, b, c}) {
    h += value + 0x9E3779B97F4A7C15ULL;
    h = (h ^ (h >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    h = (h ^ (h >> 27U)) * 0x94D049BB133111EBULL;
    h ^= h >> 31U;
  }
  return h;
}

}  // namespace inkling
