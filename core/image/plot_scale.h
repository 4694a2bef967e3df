// Axes of a chart: ranges and round ticks. Internal to core/image.
#pragma once

#include <string>
#include <vector>

namespace inkling {

struct Tick {
  double value = 0;
  std::string label;
};

struct Axis {
  double low = 0;
  double high = 1;
  bool logarithmic = false;
  std::vector<Tick> ticks;

  /// Where a value lies, 0 at the low end and 1 at the high end.
  double position(double value) const;
};

/// An axis over data from `low` to `high` with about `ticks` ticks at multiples of 1, 2 or 5 times
/// a power of ten. With `roundEnds` it begins and ends at a tick. Works for a single value (low ==
/// high) too; a range that is not finite becomes 0..1.
Axis linearAxis(double low, double high, int ticks, bool roundEnds);

/// A logarithmic axis, ticks at powers of ten and, over a short range, at 2 and 5 times them. Both
/// ends are over 0.
Axis logarithmicAxis(double low, double high);

}  // namespace inkling
