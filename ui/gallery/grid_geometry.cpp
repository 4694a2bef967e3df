#include "ui/gallery/grid_geometry.h"

#include <algorithm>

namespace inkling {

int GridGeometry::columns() const { return std::max(1, (width - gap) / (cell.width() + gap)); }

int GridGeometry::rows() const { return (count + columns() - 1) / columns(); }

int GridGeometry::contentHeight() const { return count == 0 ? 0 : gap + rows() * pitch(); }

QRect GridGeometry::rectOf(int index) const {
  const int column = index % columns(), row = index / columns();
  // What is left of the width is shared out: as much before the first cell as between two.
  const int spare = std::max(0, width - columns() * cell.width());
  const int x = column * cell.width() + spare * (column + 1) / (columns() + 1);
  return {QPoint(x, gap + row * pitch()), cell};
}

int GridGeometry::indexAt(QPoint point) const {
  if (point.y() < gap || point.x() < 0) return -1;
  const int first = (point.y() - gap) / pitch() * columns();
  for (int index = first; index < std::min(count, first + columns()); ++index) {
    if (rectOf(index).contains(point)) return index;
  }
  return -1;
}

GridGeometry::Range GridGeometry::between(int top, int bottom) const {
  const auto rowAt = [&](int y) { return std::max(0, y - gap) / pitch(); };
  const int first = rowAt(top) * columns();
  const int last = bottom <= gap ? 0 : (rowAt(bottom - 1) + 1) * columns();
  return {std::min(first, count), std::min(last, count)};
}

}  // namespace inkling
