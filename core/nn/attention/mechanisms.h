// The names of the attention mechanisms, for those who need no tensors.
#pragma once

#include <string>
#include <vector>

namespace inkling {

/// The names that `makeSelfAttention` (attention.h) knows, in the order in which they are listed to
/// users.
const std::vector<std::string>& attentionMechanisms();

/// What time and multiply-adds grow with in the end: the power of the number of tokens. 2 for
/// `multi-head`, `dense` and `dynamic`, 4/3 for `bilevel-routing`, 1 for the others. Throws
/// UsageError naming the known ones.
double theoreticalExponent(const std::string& mechanism);

}  // namespace inkling
