#include "core/kernels/cuda/launch.cuh"
#include "tests/bench/gpu/ceilings.h"
#include "tests/bench/gpu/device_array.h"
#include "tests/bench/gpu/timing.h"

namespace inkling::bench {
namespace {

using kernels::cuda::blocksFor;
using kernels::cuda::launch;
using kernels::cuda::Stream;

constexpr int kThreads = 256;
constexpr std::int64_t kPieces = 4;  // of 16 bytes, read before any is written
constexpr std::int64_t kPiecesOfArray = std::int64_t{1} << 26;  // 1 GiB, far more than any cache
constexpr int kSums = 8;  // of a thread: enough that no addition waits for another
constexpr int kSteps = 4096;
constexpr std::int64_t kFmaBlocks = 4096;  // several waves on any card

__global__ void __launch_bounds__(kThreads) copy(const float4* from, float4* to) {
  const std::int64_t first = std::int64_t{blockIdx.x} * kThreads * kPieces + threadIdx.x;
  float4 pieces[kPieces];
#pragma unroll
  for (int i = 0; i < kPieces; ++i) pieces[i] = from[first + i * kThreads];
#pragma unroll
  for (int i = 0; i < kPieces; ++i) to[first + i * kThreads] = pieces[i];
}

// `never` is a number that no sum becomes; without the write, nothing would be computed.
__global__ void __launch_bounds__(kThreads)
    multiplyAdd(float factor, float summand, float never, float* to) {
  float sums[kSums];
#pragma unroll
  for (int i = 0; i < kSums; ++i) sums[i] = static_cast<float>(threadIdx.x + i);
  for (int step = 0; step < kSteps; ++step) {
#pragma unroll
    for (int i = 0; i < kSums; ++i) sums[i] = fmaf(sums[i], factor, summand);
  }
  float sum = 0;
#pragma unroll
  for (int i = 0; i < kSums; ++i) sum += sums[i];
  if (sum == never) *to = sum;
}

double copyRate() {
  const DeviceArray<float4> from(kPiecesOfArray), to(kPiecesOfArray);
  const double seconds = medianSeconds([&](Stream stream) {
    launch("copying", copy, dim3(blocksFor(kPiecesOfArray, kThreads * kPieces)), dim3(kThreads), 0,
           stream, from.get(), to.get());
  });
  return 2 * static_cast<double>(from.bytes()) / seconds;
}

double multiplyAddRate() {
  const DeviceArray<float> to(1);
  const double seconds = medianSeconds([&](Stream stream) {
    launch("multiplying", multiplyAdd, dim3(static_cast<unsigned>(kFmaBlocks)), dim3(kThreads), 0,
           stream, 0.5F, 1.0F, -1.0F, to.get());
  });
  return 2.0 * kSums * kSteps * kThreads * kFmaBlocks / seconds;
}

}  // namespace

Ceilings measureCeilings() { return {copyRate(), multiplyAddRate()}; }

}  // namespace inkling::bench
