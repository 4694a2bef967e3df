// What a card can do at most, measured: the two roofs of the roofline model (Williams, Waterman and
// Patterson, "Roofline: An Insightful Visual Performance Model", 2009).
#pragma once

namespace inkling::bench {

struct Ceilings {
  double bytesPerSecond = 0;  ///< of a copy within the card's memory, read and written both counted
  double flopsPerSecond = 0;  ///< of single precision, a fused multiply-add counted as two
};

/// Throws kernels::cuda::Error.
Ceilings measureCeilings();

}  // namespace inkling::bench
