// Shapes of SVG as lists of points. Internal to core/sketch.
#pragma once

#include <string_view>
#include <vector>

namespace inkling {

struct SvgPoint {
  double x = 0, y = 0;
};
using SvgLine = std::vector<SvgPoint>;

/// The sub-paths of a `d` attribute, curves flattened to 16 pieces (arcs to 8 a quarter). Throws
/// InputError (without a file name) for an unknown command or missing numbers.
std::vector<SvgLine> parseSvgPath(std::string_view data);

/// A closed ellipse.
SvgLine ellipseLine(double cx, double cy, double rx, double ry);

}  // namespace inkling
