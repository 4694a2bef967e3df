#include "core/exporting/rounding.h"

#include <cmath>

namespace inkling {

// Adding 0 makes "-0" a 0.
double roundedTo(double value, double steps) { return std::round(value * steps) / steps + 0.0; }

Box roundedBox(const Box& box) {
  const double x = roundedTo(box.x, 100), y = roundedTo(box.y, 100);
  return {x, y, roundedTo(roundedTo(box.right(), 100) - x, 100),
          roundedTo(roundedTo(box.bottom(), 100) - y, 100)};
}

}  // namespace inkling
