// Points, regions and a place, drawn over a heat map: what an attention mechanism chose to look at.
#pragma once

#include <optional>
#include <vector>

#include "core/geometry/box.h"
#include "core/image/image.h"

namespace inkling {

/// In shares of the photo: (0, 0) is its upper left corner, (1, 1) the lower right one.
struct OverlayMarks {
  struct Point {
    double x = 0, y = 0;
    int group = 0;  ///< each has its colour
    bool onPhoto() const { return x >= 0 && x <= 1 && y >= 0 && y <= 1; }
    friend bool operator==(const Point&, const Point&) = default;
  };
  std::optional<Point> place;  ///< who looks: drawn as a ring with a cross
  std::vector<Point> points;   ///< drawn as dots
  std::vector<Box> regions;    ///< drawn as frames
  bool empty() const { return !place && points.empty() && regions.empty(); }
};

/// Draws them; sizes follow that of the photo. What lies outside of it is left out.
void drawMarks(Image& photo, const OverlayMarks& marks);

}  // namespace inkling
