// The CUDA kernels at the shapes that the product gives them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/bench/gpu/timing.h"

namespace inkling::bench {

/// One kernel with inputs on the card.
struct KernelCase {
  Work work;  ///< holds its memory
  /// What must be read and written at least, everything once; what the definition needs of
  /// operations. Letterbox counts whole-number operations, suppression those of double precision,
  /// and both more than they need when photos' rows or boxes drop out.
  double bytes = 0, flops = 0;
};

struct NamedCase {
  std::string kernel, shape;
  std::function<KernelCase()> make;  ///< takes the memory; throws kernels::cuda::Error
};
std::vector<NamedCase> kernelCases();

}  // namespace inkling::bench
