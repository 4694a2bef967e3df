#include "core/image/plot_scale.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace inkling {
namespace {

double roundStep(double range, int ticks) {
  const double rough = range / std::max(1, ticks);
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough * 0.999) return factor * power;
  }
  return 10 * power;
}

// As many decimals as tell neighbouring ticks apart; thousands and millions by k and M.
std::string tickLabel(double value, double step, double largest) {
  if (largest >= 1e9 || step < 1e-5) return fmt::format("{:.4g}", value);
  const double unit = largest >= 1e6 ? 1e6 : largest >= 1e4 ? 1e3 : 1;
  const char* suffix = value == 0 ? "" : unit == 1e6 ? "M" : unit == 1e3 ? "k" : "";
  const double exponent = std::floor(std::log10(step / unit) + 1e-9);
  return fmt::format("{:.{}f}{}", value / unit, std::max(0, static_cast<int>(-exponent)), suffix);
}

// Drops ticks at the ends as long as the next one encloses the data, too.
void trimTicks(Axis& axis, double low, double high) {
  auto& ticks = axis.ticks;
  while (ticks.size() > 2 && ticks[1].value <= low) ticks.erase(ticks.begin());
  while (ticks.size() > 2 && ticks[ticks.size() - 2].value >= high) ticks.pop_back();
  axis.low = std::min(ticks.front().value, low);
  axis.high = std::max(ticks.back().value, high);
}

}  // namespace

double Axis::position(double value) const {
  if (logarithmic) return std::log(value / low) / std::log(high / low);
  return (value - low) / (high - low);
}

Axis linearAxis(double low, double high, int ticks, bool roundEnds) {
  Axis axis;
  if (!std::isfinite(high - low) || high < low) low = 0, high = 1;
  const double size = std::max(std::abs(low), std::abs(high));
  if (high - low <= 1e-9 * size || high - low < 1e-300) {
    const double room = size > 1e-200 ? size / 2 : 1;
    low -= room;
    high += room;
  }
  const double step = roundStep(high - low, ticks);
  const double first = roundEnds ? std::floor(low / step + 1e-6) : std::ceil(low / step - 1e-6);
  const double last = roundEnds ? std::ceil(high / step - 1e-6) : std::floor(high / step + 1e-6);
  axis.low = roundEnds ? first * step : low;
  axis.high = roundEnds ? last * step : high;
  const double largest = std::max(std::abs(first), std::abs(last)) * step;
  const int count = static_cast<int>(last - first) + 1;
  for (int i = 0; i < count; ++i) {
    const double value = (first + i) * step + 0.0;  // + 0.0: no "-0"
    axis.ticks.push_back({value, tickLabel(value, step, largest)});
  }
  return axis;
}

Axis logarithmicAxis(double low, double high) {
  Axis axis;
  axis.logarithmic = true;
  if (!(low > 0) || !std::isfinite(high) || high < low) low = 0.1, high = 1;
  const int first = static_cast<int>(std::floor(std::log10(low) + 1e-9));
  const int last = std::max(first + 1, static_cast<int>(std::ceil(std::log10(high) - 1e-9)));
  axis.low = std::pow(10.0, first);
  axis.high = std::pow(10.0, last);
  const int decades = last - first;
  const int stride = (decades + 7) / 8;
  for (int exponent = first; exponent <= last; exponent += stride) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double value = factor * std::pow(10.0, exponent);
      const bool wanted = factor == 1.0 || decades <= 2;
      if (wanted && value <= axis.high * 1.001) {
        axis.ticks.push_back({value, fmt::format("{:g}", value)});
      }
    }
  }
  trimTicks(axis, low, high);
  return axis;
}

}  // namespace inkling
