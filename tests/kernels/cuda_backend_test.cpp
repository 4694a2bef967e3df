#include <cstdlib>
#include <cstring>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/kernels/cuda/card_memory.h"
#include "core/kernels/self_check.h"
#include "tests/kernels/emulation_orders.h"

namespace inkling::kernels {
namespace {

using CudaBackend = EmulationTest;

/// What happened to the memory of an emulated card.
struct MemoryLog {
  int allocations = 0, starts = 0, waits = 0;
  std::map<void*, std::size_t> open;  ///< sizes of what is not free yet
};

/// The host's memory, each piece on its own, so that a sanitizer sees who reads on; NaN until it is
/// written. Without a sanitizer, guards behind the pieces are looked at when they are freed.
class EmulatedMemory : public cuda::CardMemory {
 public:
  explicit EmulatedMemory(MemoryLog& log) : log_(log) {}
  std::string name() const override { return "emulated card"; }
  cuda::Stream start() override {
    ++log_.starts;
    return nullptr;
  }
  void* allocate(std::size_t bytes) override {
    void* const memory = std::malloc(bytes + kGuard);
    std::memset(memory, 0xff, bytes + kGuard);
    log_.open[memory] = bytes;
    ++log_.allocations;
    return memory;
  }
  void free(void* memory) noexcept override {
    const auto* const guard = static_cast<const unsigned char*>(memory) + log_.open.at(memory);
    for (std::size_t i = 0; i < kGuard; ++i) EXPECT_EQ(guard[i], 0xff) << "written beyond the end";
    log_.open.erase(memory);
    std::free(memory);
  }
  void copyIn(void* card, const void* host, std::size_t bytes) override {
    expectInside(card, bytes);
    std::memcpy(card, host, bytes);
  }
  void copyOut(void* host, const void* card, std::size_t bytes) override {
    expectInside(card, bytes);
    EXPECT_EQ(log_.waits, log_.starts) << "copied before the card was ready";
    std::memcpy(host, card, bytes);
  }
  void wait() override { ++log_.waits; }

 private:
#if defined(__SANITIZE_ADDRESS__)
  static constexpr std::size_t kGuard = 0;
#else
  static constexpr std::size_t kGuard = 64;
#endif

  void expectInside(const void* card, std::size_t bytes) const {
    const auto begin = reinterpret_cast<std::uintptr_t>(card);
    for (const auto& [memory, size] : log_.open) {
      const auto first = reinterpret_cast<std::uintptr_t>(memory);
      if (begin >= first && begin + bytes <= first + size) return;
    }
    ADD_FAILURE() << "not in the card's memory";
  }

  MemoryLog& log_;
};

std::unique_ptr<Backend> emulatedBackend(MemoryLog& log) {
  return cuda::cardBackend(std::make_unique<EmulatedMemory>(log));
}

// In one order of threads: the others are for the kernels' own tests.
TEST(CudaSelfCheck, TheCardGivesWhatTheProcessorGives) {
  MemoryLog log;
  const auto checking = checkingBackend(cpuBackend(), emulatedBackend(log), kSelfCheckTolerance);
  const std::vector<KernelDifference> differences = selfCheck(*checking);
  EXPECT_EQ(differences.size(), 6U);
  for (const KernelDifference& each : differences) {
    EXPECT_LE(each.relative, kSelfCheckTolerance) << each.kernel;
  }
  EXPECT_GT(log.allocations, 100);
  EXPECT_EQ(log.starts, log.waits);
  EXPECT_TRUE(log.open.empty()) << log.open.size() << " pieces are not freed";
}

TEST_P(CudaBackend, LeavesAloneWhatLiesBetweenItsResults) {
  MemoryLog log;
  const std::vector<float> tokens(4 * 6, 1);
  std::vector<float> output(4 * 6, 7);
  SketchAttention job;
  job.query = job.key = job.value = {tokens.data(), 6, 24};
  job.output = {output.data() + 1, 6, 24};
  job.tokens = job.keys = 4;
  job.headWidth = 4;
  emulatedBackend(log)->run(job);
  for (std::size_t i = 0; i < output.size(); ++i)
    EXPECT_EQ(output[i], i % 6 >= 1 && i % 6 < 5 ? 1 : 7) << i;
}

TEST_P(CudaBackend, JobsOfNothingAreFine) {
  MemoryLog log;
  const auto backend = emulatedBackend(log);
  std::int64_t keptCount = -7;
  NonMaximumSuppression suppression;
  suppression.keptCount = &keptCount;
  backend->run(suppression);
  EXPECT_EQ(keptCount, 0);
  DeformableSampling sampling;
  sampling.levels = {{1, 1, 0}};
  backend->run(sampling);
  EXPECT_TRUE(log.open.empty());
}

TEST_P(CudaBackend, WhatTheKernelRefusesIsRefusedAndTheMemoryFreed) {
  MemoryLog log;
  const auto backend = emulatedBackend(log);
  const std::vector<float> numbers(129);
  std::vector<float> output(129);
  SketchAttention job;
  job.query = job.key = job.value = {numbers.data(), 129, 129};
  job.output = {output.data(), 129, 129};
  job.tokens = job.keys = 1;
  job.headWidth = 129;
  EXPECT_THROW(backend->run(job), cuda::Error);
  EXPECT_THROW(backend->run(Letterboxing{}), std::invalid_argument);
  EXPECT_GT(log.allocations, 0);
  EXPECT_TRUE(log.open.empty());
}

INSTANTIATE_TEST_SUITE_P(Orders, CudaBackend, allOrders(), orderName);

}  // namespace
}  // namespace inkling::kernels
