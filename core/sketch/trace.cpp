#include "core/sketch/trace.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "core/sketch/simplify.h"

namespace inkling {
namespace {

// The longer side of the ink in the grid that is thinned: finer than any raster the model sees,
// small enough to be quick.
constexpr int kGridSide = 320;

// A grid of cells with a free border of one cell all round, so that every cell has eight
// neighbours.
struct Grid {
  int width = 0, height = 0;
  std::vector<std::uint8_t> cells;

  Grid(int w, int h) : width(w), height(h), cells(static_cast<std::size_t>(w) * h) {}
  std::uint8_t& at(int x, int y) { return cells[static_cast<std::size_t>(y) * width + x]; }
  std::uint8_t at(int x, int y) const { return cells[static_cast<std::size_t>(y) * width + x]; }
  std::size_t count() const { return std::count(cells.begin(), cells.end(), 1); }
};

// Clockwise from above, as in the paper (P2 .. P9).
constexpr std::array<std::array<int, 2>, 8> kAround = {
    {{0, -1}, {1, -1}, {1, 0}, {1, 1}, {0, 1}, {-1, 1}, {-1, 0}, {-1, -1}}};

struct PixelBox {
  int left, top, right, bottom;  // the last pixel is inside
};

bool findInk(const InkRaster& raster, PixelBox& box) {
  box = {raster.width, raster.height, -1, -1};
  for (int y = 0; y < raster.height; ++y) {
    for (int x = 0; x < raster.width; ++x) {
      if (raster.ink[static_cast<std::size_t>(y) * raster.width + x] < 128) continue;
      box = {std::min(box.left, x), std::min(box.top, y), std::max(box.right, x),
             std::max(box.bottom, y)};
    }
  }
  return box.right >= box.left;
}

// The ink of the box on a grid of cells of `step` pixels. A cell of a reduced picture is ink if a
// quarter of it is: thin lines must not break.
Grid reduce(const InkRaster& raster, const PixelBox& box, int step) {
  Grid grid((box.right - box.left) / step + 3, (box.bottom - box.top) / step + 3);
  std::vector<int> covered(grid.cells.size());
  for (int y = box.top; y <= box.bottom; ++y) {
    for (int x = box.left; x <= box.right; ++x) {
      const bool ink = raster.ink[static_cast<std::size_t>(y) * raster.width + x] >= 128;
      const int column = (x - box.left) / step + 1, row = (y - box.top) / step + 1;
      covered[static_cast<std::size_t>(row) * grid.width + column] += ink;
    }
  }
  const int enough = std::max(1, step * step / 4);
  for (std::size_t i = 0; i < covered.size(); ++i) grid.cells[i] = covered[i] >= enough;
  return grid;
}

// One half step of Zhang and Suen; true if a cell was taken away.
bool peel(Grid& grid, bool second) {
  std::vector<std::size_t> gone;
  for (int y = 1; y + 1 < grid.height; ++y) {
    for (int x = 1; x + 1 < grid.width; ++x) {
      if (grid.at(x, y) == 0) continue;
      std::array<int, 8> p{};
      int neighbours = 0, rises = 0;
      for (int k = 0; k < 8; ++k)
        neighbours += p[k] = grid.at(x + kAround[k][0], y + kAround[k][1]);
      if (neighbours < 2 || neighbours > 6) continue;
      for (int k = 0; k < 8; ++k) rises += p[k] == 0 && p[(k + 1) % 8] == 1;
      if (rises != 1) continue;
      const int a = second ? p[0] * p[2] * p[6] : p[0] * p[2] * p[4];
      const int b = second ? p[0] * p[4] * p[6] : p[2] * p[4] * p[6];
      if (a == 0 && b == 0) gone.push_back(static_cast<std::size_t>(y) * grid.width + x);
    }
  }
  for (const std::size_t index : gone) grid.cells[index] = 0;
  return !gone.empty();
}

Grid thin(Grid grid) {
  bool changed = true;
  while (changed) {
    changed = peel(grid, false);
    changed = peel(grid, true) || changed;
  }
  return grid;
}

Grid outline(const Grid& grid) {
  Grid edge(grid.width, grid.height);
  for (int y = 1; y + 1 < grid.height; ++y) {
    for (int x = 1; x + 1 < grid.width; ++x) {
      const bool inside =
          grid.at(x - 1, y) && grid.at(x + 1, y) && grid.at(x, y - 1) && grid.at(x, y + 1);
      edge.at(x, y) = grid.at(x, y) && !inside;
    }
  }
  return edge;
}

// Walks along the cells of a thin line, taking each away, and keeps every link between neighbours
// once.
class Walker {
 public:
  explicit Walker(Grid grid) : grid_(std::move(grid)), left_(grid_) {}

  // Ends of lines first, so that an open line becomes one stroke; then what is closed.
  std::vector<Stroke> walk() {
    for (const bool endsOnly : {true, false}) {
      for (int y = 1; y + 1 < grid_.height; ++y) {
        for (int x = 1; x + 1 < grid_.width; ++x) {
          if (left_.at(x, y) && (!endsOnly || neighbours(x, y) <= 1)) follow(x, y);
        }
      }
    }
    return std::move(strokes_);
  }

 private:
  int neighbours(int x, int y) const {
    int count = 0;
    for (const auto& [dx, dy] : kAround) count += grid_.at(x + dx, y + dy);
    return count;
  }

  void follow(int x, int y) {
    Stroke stroke;
    // A line that starts beside one already taken is joined to it; a closed line is closed at its
    // end.
    if (int nx = 0, ny = 0; next(x, y, grid_, &left_, nx, ny)) add(stroke, nx, ny);
    const int startX = x, startY = y;
    for (;;) {
      add(stroke, x, y);
      left_.at(x, y) = 0;
      int nx = 0, ny = 0;
      if (!next(x, y, left_, nullptr, nx, ny)) break;
      x = nx;
      y = ny;
    }
    if (stroke.size() > 3 && std::max(std::abs(x - startX), std::abs(y - startY)) <= 1) {
      add(stroke, startX, startY);
    } else if (int nx = 0, ny = 0; stroke.size() > 3 && joint(stroke, x, y, nx, ny)) {
      add(stroke, nx, ny);
    }
    strokes_.push_back(std::move(stroke));
  }

  // A neighbour that is set in `set` and (if given) not in `unset`; straight ones before slanting
  // ones.
  static bool next(int x, int y, const Grid& set, const Grid* unset, int& nx, int& ny) {
    for (const int first : {0, 1}) {
      for (int k = first; k < 8; k += 2) {
        nx = x + kAround[k][0];
        ny = y + kAround[k][1];
        if (set.at(nx, ny) && (unset == nullptr || !unset->at(nx, ny))) return true;
      }
    }
    return false;
  }
  // Where a line ends beside one that was taken before: a cell of the grid that is not among its
  // own last ones.
  bool joint(const Stroke& stroke, int x, int y, int& nx, int& ny) const {
    for (const auto& [dx, dy] : kAround) {
      nx = x + dx;
      ny = y + dy;
      if (!grid_.at(nx, ny)) continue;
      bool own = false;
      for (std::size_t i = stroke.size() - std::min<std::size_t>(stroke.size(), 4);
           i < stroke.size(); ++i) {
        own =
            own || (stroke.x[i] == static_cast<float>(nx) && stroke.y[i] == static_cast<float>(ny));
      }
      if (!own) return true;
    }
    return false;
  }

  static void add(Stroke& stroke, int x, int y) {
    stroke.x.push_back(static_cast<float>(x));
    stroke.y.push_back(static_cast<float>(y));
  }

  Grid grid_, left_;
  std::vector<Stroke> strokes_;
};

}  // namespace

std::vector<Stroke> traceInk(const InkRaster& raster) {
  PixelBox box{};
  if (!findInk(raster, box)) return {};
  const int side = std::max(box.right - box.left, box.bottom - box.top) + 1;
  const int step = (side + kGridSide - 1) / kGridSide;
  const Grid ink = reduce(raster, box, step);
  Grid line = thin(ink);
  // Mean line width against the drawing's size tells a filled shape from a line.
  const double width = static_cast<double>(ink.count()) / std::max<std::size_t>(1, line.count());
  if (width * step > 0.2 * side && side > 8) line = outline(ink);
  std::vector<Stroke> strokes = Walker(std::move(line)).walk();
  for (Stroke& stroke : strokes) {
    // The steps of the grid are no part of the drawing.
    stroke = simplify(stroke, 0.75);
    for (float& x : stroke.x) x = box.left + (x - 0.5f) * step;
    for (float& y : stroke.y) y = box.top + (y - 0.5f) * step;
  }
  return strokes;
}

}  // namespace inkling
