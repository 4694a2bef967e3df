#include "tests/kernels/cuda_emulation.h"

#include <numeric>
#include <vector>

#include "tests/kernels/emulation_orders.h"

namespace inkling::kernels::cuda {
namespace {

using Emulation = EmulationTest;

void number(int* out) {
  const unsigned block = blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z);
  const unsigned thread = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
  const unsigned size = blockDim.x * blockDim.y * blockDim.z;
  out[block * size + thread] += static_cast<int>(block * size + thread);
}

TEST_P(Emulation, RunsEveryThreadOfEveryBlockOnce) {
  std::vector<int> out(3 * 2 * 2 * 7 * 3 * 2, 0), wanted(out.size());
  std::iota(wanted.begin(), wanted.end(), 0);
  launch("number", number, {3, 2, 2}, {7, 3, 2}, 0, nullptr, out.data());
  EXPECT_EQ(out, wanted);
  EXPECT_EQ(threads(), out.size());
}

// Turns rows round through shared memory.
void reverse(const float* in, float* out, bool wait) {
  INKLING_SHARED(float, shared);
  const unsigned i = threadIdx.x, first = blockIdx.x * blockDim.x;
  shared[i] = in[first + i];
  if (wait) __syncthreads();
  out[first + i] = shared[blockDim.x - 1 - i];
}

TEST_P(Emulation, ThreadsMeetAtABarrierAndAMissingOneShows) {
  std::vector<float> in(5 * 70), out(in.size());
  std::iota(in.begin(), in.end(), 0.0F);
  const auto isReversed = [&] {
    for (std::size_t i = 0; i < out.size(); ++i)
      if (out[i] != in[i / 70 * 70 + 69 - i % 70]) return false;
    return true;
  };
  launch("reverse", reverse, {5}, {70}, 70 * sizeof(float), nullptr, in.data(), out.data(), true);
  EXPECT_TRUE(isReversed());
  launch("reverse", reverse, {5}, {70}, 70 * sizeof(float), nullptr, in.data(), out.data(), false);
  EXPECT_FALSE(isReversed());
}

void sumOfWarp(const int* in, int* sums, int* rotated, unsigned* odd) {
  const unsigned i = threadIdx.x;
  int sum = in[i];
  for (int with = 16; with > 0; with /= 2) sum += __shfl_xor_sync(0xffffffffU, sum, with);
  sums[i] = sum;
  rotated[i] = __shfl_sync(0xffffffffU, in[i], static_cast<int>(i + 1));
  odd[i] = __ballot_sync(0xffffffffU, in[i] % 2);
}

TEST_P(Emulation, WarpsExchangeValues) {
  std::vector<int> in(96), sums(96), rotated(96);
  std::vector<unsigned> odd(96);
  std::iota(in.begin(), in.end(), 0);
  launch("sum", sumOfWarp, {1}, {96}, 0, nullptr, in.data(), sums.data(), rotated.data(),
         odd.data());
  for (int i = 0; i < 96; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const int warp = i / 32 * 32;
    EXPECT_EQ(sums[at], 32 * warp + 31 * 32 / 2);
    EXPECT_EQ(rotated[at], warp + (i + 1) % 32);
    EXPECT_EQ(odd[at], 0xaaaaaaaaU);
  }
}

void someWait(int) {
  if (threadIdx.x < 40) __syncthreads();
  if (threadIdx.x >= 40) __syncwarp();
  if (threadIdx.x >= 40) __syncthreads();
}

void halfAWarp(int) {
  if (threadIdx.x < 16) __syncwarp(0xffffU);
}

TEST_P(Emulation, WhatWouldHangOnACardIsAnError) {
  EXPECT_THROW(launch("hang", someWait, {1}, {64}, 0, nullptr, 0), std::logic_error);
  EXPECT_THROW(launch("part", halfAWarp, {1}, {32}, 0, nullptr, 0), std::logic_error);
  EXPECT_THROW(launch("large", someWait, {1}, {1025}, 0, nullptr, 0), std::logic_error);
}

INSTANTIATE_TEST_SUITE_P(Orders, Emulation, allOrders(), orderName);

}  // namespace
}  // namespace inkling::kernels::cuda
