// Distance of a point from a line segment. Internal to core/sketch.
#pragma once

#include <algorithm>

namespace inkling {

/// The squared distance of (x, y) from the segment a-b, which may be a single point.
inline double squaredDistance(double x, double y, double ax, double ay, double bx, double by) {
  const double dx = bx - ax, dy = by - ay, length = dx * dx + dy * dy;
  const double along =
      length > 0 ? std::clamp(((x - ax) * dx + (y - ay) * dy) / length, 0.0, 1.0) : 0.0;
  const double ex = x - ax - along * dx, ey = y - ay - along * dy;
  return ex * ex + ey * ey;
}

}  // namespace inkling
