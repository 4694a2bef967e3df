// Minimum-cost assignment.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace inkling {

/// For a cost matrix of `rows` x `columns` (row-major, finite) with at least as many rows as
/// columns: the row that each column is assigned to, all different, with the least total cost.
/// O(columns^2 * rows). Source: the shortest augmenting path form of the Hungarian method (Jonker
/// and Volgenant, 1987). Throws UsageError when there are fewer rows than columns or a cost is not
/// finite.
std::vector<std::size_t> assignColumns(std::span<const double> cost, std::size_t rows,
                                       std::size_t columns);

}  // namespace inkling
