// Whether two ways to compute the kernels agree on this machine: made-up jobs for each, of shapes
// that reach all their branches. A few seconds on one thread.
#pragma once

#include <vector>

#include "core/kernels/backend.h"

namespace inkling::kernels {

/// What is allowed between processor and card, of the largest number of an output. They add up in
/// different orders, and a card's e^x is good to a few units in the last place.
constexpr double kSelfCheckTolerance = 2e-5;

/// How far the backends were apart, kernel by kernel. Throws Mismatch when that is too far for
/// `checking`, and what the backends throw. The numbers are the same everywhere and every time.
std::vector<KernelDifference> selfCheck(CheckingBackend& checking);

}  // namespace inkling::kernels
