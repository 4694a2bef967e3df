// Line charts as pictures: loss curves, precision and recall, timing.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/geometry/size.h"
#include "core/image/image.h"

namespace inkling {

/// A named line through the points (x[i], y[i]), in this order. Points that are not finite (and, on
/// a logarithmic axis, not positive) are left out and break the line.
struct Series {
  std::string name;
  std::vector<double> x;
  std::vector<double> y;
};

/// A line chart with axes, ticks at round numbers and, when a series has a name, a legend. Colours
/// are those of M. Okabe and K. Ito, told apart by colour-blind people too. Text is ASCII (Hershey
/// fonts). A chart without points is drawn with empty axes. Throws UsageError when x and y of a
/// series differ in length, or `size` is under 200 x 150.
Image linePlot(const std::string& title, const std::string& xLabel, const std::string& yLabel,
               std::span<const Series> series, Size size = {1000, 600}, bool logY = false,
               bool logX = false);

}  // namespace inkling
