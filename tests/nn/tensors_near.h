// Tensors that two ways of computing must agree on.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "core/nn/tensor.h"

namespace inkling {

/// Their largest difference, against the largest number wanted, which must not be 0.
inline void expectNear(const Tensor& got, const Tensor& wanted, const std::string& what,
                       double tolerance = 1e-5) {
  ASSERT_EQ(got.sizes(), wanted.sizes()) << what;
  if (wanted.numel() == 0) return;
  const double largest = wanted.abs().max().item<double>();
  EXPECT_LE((got - wanted).abs().max().item<double>(), tolerance * largest) << what;
  EXPECT_GT(largest, 0) << what << " says nothing";
}

}  // namespace inkling
