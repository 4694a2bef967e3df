#include "core/training/hungarian.h"

#include <cmath>
#include <limits>

#include "core/base/error.h"

namespace inkling {

std::vector<std::size_t> assignColumns(std::span<const double> cost, std::size_t rows,
                                       std::size_t columns) {
  if (rows < columns || cost.size() != rows * columns) {
    fail<UsageError>("assignment: {} costs for {} rows and {} columns", cost.size(), rows, columns);
  }
  for (const double value : cost) {
    if (!std::isfinite(value)) fail<UsageError>("assignment: a cost is not finite");
  }
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  // Index 0 is a virtual start on both sides; real columns and rows count from 1.
  std::vector<double> columnPotential(columns + 1, 0.0), rowPotential(rows + 1, 0.0);
  std::vector<std::size_t> columnOfRow(rows + 1, 0), previous(rows + 1, 0);
  for (std::size_t column = 1; column <= columns; ++column) {
    columnOfRow[0] = column;
    std::size_t row = 0;
    std::vector<double> slack(rows + 1, kInfinity);
    std::vector<bool> visited(rows + 1, false);
    do {
      visited[row] = true;
      const std::size_t current = columnOfRow[row];
      double step = kInfinity;
      std::size_t next = 0;
      for (std::size_t r = 1; r <= rows; ++r) {
        if (visited[r]) continue;
        const double reduced =
            cost[(r - 1) * columns + current - 1] - columnPotential[current] - rowPotential[r];
        if (reduced < slack[r]) {
          slack[r] = reduced;
          previous[r] = row;
        }
        if (slack[r] < step) {
          step = slack[r];
          next = r;
        }
      }
      for (std::size_t r = 0; r <= rows; ++r) {
        if (visited[r]) {
          columnPotential[columnOfRow[r]] += step;
          rowPotential[r] -= step;
        } else {
          slack[r] -= step;
        }
      }
      row = next;
    } while (columnOfRow[row] != 0);
    // Flip the augmenting path.
    while (row != 0) {
      columnOfRow[row] = columnOfRow[previous[row]];
      row = previous[row];
    }
  }
  std::vector<std::size_t> result(columns, 0);
  for (std::size_t r = 1; r <= rows; ++r) {
    if (columnOfRow[r] != 0) result[columnOfRow[r] - 1] = r - 1;
  }
  return result;
}

}  // namespace inkling
