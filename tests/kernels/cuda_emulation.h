// A card made of fibers: the CUDA sources of core/kernels, compiled by the C++ compiler, run block
// after block, each thread as a fiber of its own that runs until it waits at a barrier. So their
// indices, edges, barriers and shuffles are tested on machines without a card, under
// AddressSanitizer too. What it cannot show: memory order between blocks, speed, and what nvcc
// makes of the code.
//
// Between barriers, threads run one after another, in an order that tests choose (setOrder): what
// depends on it lacks a barrier. Dynamic shared memory begins as NaN in every block.
//
//   target_compile_options(test_x PRIVATE -include tests/kernels/cuda_emulation.h), with the .cu as
//   C++
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <utility>

#include "core/kernels/cuda/stream.h"

#define INKLING_CUDA_EMULATION 1
#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __shared__ static
#define __launch_bounds__(...)
#define INKLING_SHARED(type, name) \
  type* const name = reinterpret_cast<type*>(inkling::kernels::cuda::emulation::sharedMemory())

struct dim3 {
  unsigned x = 1, y = 1, z = 1;
  dim3() = default;
  dim3(unsigned columns, unsigned rows = 1, unsigned layers = 1) : x(columns), y(rows), z(layers) {}
};
inline dim3 threadIdx, blockIdx, blockDim, gridDim;

struct alignas(8) float2 {
  float x, y;
};
struct alignas(16) float4 {
  float x, y, z, w;
};
inline float2 make_float2(float x, float y) { return {x, y}; }
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }

namespace inkling::kernels::cuda::emulation {

enum class Order { kForward, kBackward, kShuffled };
/// Of the threads of a block between two barriers, from now on.
void setOrder(Order order);

/// Runs `thread` for every thread of every block. Throws std::logic_error when threads wait at
/// barriers that the others never reach.
void run(dim3 grid, dim3 block, std::size_t shared, const std::function<void()>& thread);

void* sharedMemory();
void waitForBlock();
void waitForWarp();
/// The value that lane `source` of this thread's warp gave in the same call.
std::uint64_t exchange(std::uint64_t bits, int source);
int lane();

/// How many threads have run, and how many barriers they met: what tests check that something ran
/// by.
struct Counts {
  std::size_t threads = 0, barriers = 0;
};
Counts counts();

template <typename T>
T exchanged(T value, int source) {
  static_assert(sizeof(T) <= sizeof(std::uint64_t));
  std::uint64_t bits = 0;
  __builtin_memcpy(&bits, &value, sizeof(T));
  bits = exchange(bits, source);
  __builtin_memcpy(&value, &bits, sizeof(T));
  return value;
}

inline void requireWholeWarp(unsigned mask) {
  if (mask != 0xffffffffU) throw std::logic_error("a part of a warp waits: not emulated");
}

}  // namespace inkling::kernels::cuda::emulation

inline void __syncthreads() { inkling::kernels::cuda::emulation::waitForBlock(); }
inline void __syncwarp(unsigned mask = 0xffffffffU) {
  inkling::kernels::cuda::emulation::requireWholeWarp(mask);
  inkling::kernels::cuda::emulation::waitForWarp();
}
template <typename T>
T __shfl_xor_sync(unsigned mask, T value, int with) {
  namespace emulation = inkling::kernels::cuda::emulation;
  emulation::requireWholeWarp(mask);
  return emulation::exchanged(value, emulation::lane() ^ with);
}
template <typename T>
T __shfl_down_sync(unsigned mask, T value, unsigned by) {
  namespace emulation = inkling::kernels::cuda::emulation;
  emulation::requireWholeWarp(mask);
  const int from = emulation::lane() + static_cast<int>(by);
  return emulation::exchanged(value, from < 32 ? from : emulation::lane());
}
template <typename T>
T __shfl_sync(unsigned mask, T value, int source) {
  inkling::kernels::cuda::emulation::requireWholeWarp(mask);
  return inkling::kernels::cuda::emulation::exchanged(value, source & 31);
}
inline unsigned __ballot_sync(unsigned mask, int predicate) {
  namespace emulation = inkling::kernels::cuda::emulation;
  emulation::requireWholeWarp(mask);
  unsigned result = 0;
  for (int i = 0; i < 32; ++i)
    result |= (emulation::exchanged(predicate != 0 ? 1U : 0U, i) & 1U) << i;
  return result;
}

template <typename T>
T __ldg(const T* from) {
  return *from;
}
template <typename T>
T atomicAdd(T* to, T value) {
  const T before = *to;
  *to += value;
  return before;
}
template <typename T>
T atomicOr(T* to, T bits) {
  const T before = *to;
  *to |= bits;
  return before;
}
inline float __expf(float x) { return std::exp(x); }
inline float __fdividef(float a, float b) { return a / b; }
inline int __float2int_rn(float x) { return static_cast<int>(std::nearbyint(x)); }
inline int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
inline int __ffsll(unsigned long long x) { return __builtin_ffsll(static_cast<long long>(x)); }
using std::fmaf;
using std::fmaxf;
using std::fminf;
using std::max;
using std::min;

namespace inkling::kernels::cuda {

/// As on a card (core/kernels/cuda/launch.cuh), but it returns when all is done.
template <typename... Parameters, typename... Arguments>
void launch(const char*, void (*kernel)(Parameters...), dim3 grid, dim3 block, std::size_t shared,
            Stream, Arguments&&... arguments) {
  emulation::run(grid, block, shared, [&] { kernel(static_cast<Parameters>(arguments)...); });
}

}  // namespace inkling::kernels::cuda
