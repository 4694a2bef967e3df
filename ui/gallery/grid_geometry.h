// Where the cells of a grid of equal cells lie, by arithmetic alone: 100,000 cells cost nothing.
// All numbers are logical pixels; y counts from the top of the whole content.
#pragma once

#include <QPoint>
#include <QRect>
#include <QSize>

namespace inkling {

struct GridGeometry {
  int width = 0;  ///< of the viewport
  int count = 0;  ///< of the cells
  QSize cell{1, 1};
  int gap = 8;  ///< between cells, and around them; cells in a row drift apart to fill the width

  int columns() const;
  int rows() const;
  int contentHeight() const;
  int pitch() const { return cell.height() + gap; }  ///< from row to row

  QRect rectOf(int index) const;
  /// -1 between cells and beyond the last.
  int indexAt(QPoint point) const;
  /// The cells, first and one past the last, with any pixel from `top` to `bottom` (not included).
  struct Range {
    int first = 0, last = 0;
  };
  Range between(int top, int bottom) const;
};

}  // namespace inkling
