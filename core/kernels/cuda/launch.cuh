// What the CUDA sources of this folder share: how a kernel is started, and how errors are told.
//
// A source is compiled by nvcc for cards, and a second time by the C++ compiler for its tests,
// where tests/kernels/cuda_emulation.h stands in for the card (every thread of a block is a fiber),
// so that indices, edges and barriers are tested on machines without a card. Sources keep to what
// both know: kernels are started by launch(), dynamic shared memory is had from INKLING_SHARED,
// barriers and shuffles are of whole blocks and whole warps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "core/kernels/cuda/stream.h"

#if defined(__CUDACC__)
#include <cuda_runtime.h>

#include "core/kernels/cuda/require.h"
/// The block's dynamic shared memory, as an array of `type`.
#define INKLING_SHARED(type, name)                                \
  extern __shared__ __align__(16) unsigned char inkling_shared[]; \
  type* const name = reinterpret_cast<type*>(inkling_shared)
#elif !defined(INKLING_CUDA_EMULATION)
#error "CUDA sources are compiled by nvcc, or by a test with tests/kernels/cuda_emulation.h"
#endif

namespace inkling::kernels::cuda {

constexpr int kWarp = 32;

#if defined(__CUDACC__)

/// Starts `kernel` for all threads of all blocks; returns at once.
template <typename... Parameters, typename... Arguments>
void launch(const char* what, void (*kernel)(Parameters...), dim3 grid, dim3 block,
            std::size_t shared, Stream stream, Arguments&&... arguments) {
  if (grid.x == 0 || grid.y == 0 || grid.z == 0) return;
  constexpr std::size_t kWithoutAsking = 48 * 1024;
  if (shared > kWithoutAsking)
    require(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                 static_cast<int>(shared)),
            what);
  kernel<<<grid, block, shared, stream>>>(static_cast<Parameters>(arguments)...);
  require(cudaGetLastError(), what);
}

#endif

/// Blocks of `size` that cover `count` items.
inline unsigned blocksFor(std::int64_t count, std::int64_t size) {
  return static_cast<unsigned>((count + size - 1) / size);
}

}  // namespace inkling::kernels::cuda
