// Tests of CUDA sources on the emulated card run with every order of threads.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "tests/kernels/cuda_emulation.h"

namespace inkling::kernels {

class EmulationTest : public testing::TestWithParam<cuda::emulation::Order> {
 protected:
  void SetUp() override {
    cuda::emulation::setOrder(GetParam());
    before_ = cuda::emulation::counts().threads;
  }
  void TearDown() override { cuda::emulation::setOrder(cuda::emulation::Order::kForward); }
  /// Of this test, so far.
  std::size_t threads() const { return cuda::emulation::counts().threads - before_; }

 private:
  std::size_t before_ = 0;
};

inline auto allOrders() {
  using cuda::emulation::Order;
  return testing::Values(Order::kForward, Order::kBackward, Order::kShuffled);
}

inline std::string orderName(const testing::TestParamInfo<cuda::emulation::Order>& which) {
  using cuda::emulation::Order;
  return which.param == Order::kForward    ? "Forward"
         : which.param == Order::kBackward ? "Backward"
                                           : "Shuffled";
}

}  // namespace inkling::kernels
