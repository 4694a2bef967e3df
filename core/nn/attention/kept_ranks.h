// Which entries of a row are the largest, without sorting the row: the part of dynamic attention
// that no tensor operator does fast, since each row keeps another number of entries.
#pragma once

#include "core/nn/tensor.h"

namespace inkling {

/// For scores [..., N] (contiguous, float or double) and budgets [...] from 1 to N: the rank of
/// every entry in its row, 1 for the largest, of the scores' type. Of equal entries the first comes
/// first. To save time only the ranks that matter are exact: those from `full` to the budget, both
/// rounded up. Smaller ones may be told as 1, larger ones as N + 1. No gradient. On all cores;
/// linear in N, but for the sorting of the entries in between.
Tensor keptRanks(const Tensor& scores, const Tensor& budgets, const Tensor& full);

/// The ranks of all entries, by sorting every row: what keptRanks is on a card.
Tensor allRanks(const Tensor& scores);

}  // namespace inkling
