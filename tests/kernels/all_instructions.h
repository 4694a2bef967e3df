// The kernels' tests run with every set of instructions.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "core/kernels/instructions.h"

namespace inkling::kernels {

inline auto allInstructions() {
  return testing::Values(Instructions::kPlain, Instructions::kAvx2, Instructions::kAvx512);
}

inline std::string instructionsName(const testing::TestParamInfo<Instructions>& which) {
  return which.param == Instructions::kPlain  ? "Plain"
         : which.param == Instructions::kAvx2 ? "Avx2"
                                              : "Avx512";
}

}  // namespace inkling::kernels
