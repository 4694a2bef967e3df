#include "core/nn/runtime.h"

#include <cstdlib>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif
#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace inkling {
namespace {

bool tilePaletteReported() {
#if defined(__x86_64__)
  unsigned int eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (__get_cpuid_count(0x1D, 0, &eax, &ebx, &ecx, &edx) == 0 || eax == 0) return false;
  return __get_cpuid_count(0x1D, 1, &eax, &ebx, &ecx, &edx) != 0 && eax != 0;
#else
  return false;
#endif
}

void keepFreedMemory() {
#if defined(__GLIBC__)
  constexpr int kLarge = 1 << 30;
  ::mallopt(M_MMAP_THRESHOLD, kLarge);
  ::mallopt(M_TRIM_THRESHOLD, kLarge);
  // The heaps of further arenas end at 64 MB; what is larger would be mapped and cleared anew each
  // time.
  ::mallopt(M_ARENA_MAX, 1);
#endif
}

}  // namespace

void initializeRuntime(int threads) {
  keepFreedMemory();
  if (!tilePaletteReported()) ::setenv("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_FP16", /*overwrite=*/0);
  // A card would round the inputs of float32 convolutions to ten bits; float16 is there for speed.
  at::globalContext().setAllowTF32CuDNN(false);
  if (threads > 0) at::set_num_threads(threads);
}

void seedOperators(std::uint64_t seed) { at::manual_seed(seed); }

}  // namespace inkling
