#include "core/kernels/instructions.h"

namespace inkling::kernels {

bool supported(Instructions instructions) {
#if defined(__x86_64__)
  switch (instructions) {
    case Instructions::kAvx512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma");
    case Instructions::kAvx2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case Instructions::kPlain:
      break;
  }
#endif
  return instructions == Instructions::kPlain;
}

Instructions fastestInstructions() {
  static const Instructions kFastest = supported(Instructions::kAvx512) ? Instructions::kAvx512
                                       : supported(Instructions::kAvx2) ? Instructions::kAvx2
                                                                        : Instructions::kPlain;
  return kFastest;
}

}  // namespace inkling::kernels
