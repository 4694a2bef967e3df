// What the checks of all kinds of reference case share.
#pragma once

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "core/base/json.h"
#include "core/nn/safetensors.h"

namespace inkling::reference {

/// One case: what the JSON says, and the tensors beside it (none for kinds without a .safetensors
/// file).
struct Case {
  std::filesystem::path file;  ///< the .json
  Json json;
  StateDict tensors;
  const Tensor& in(const std::string& name) const {
    return requireTensor(tensors, "in." + name, file.string());
  }
  const Tensor& out(const std::string& name) const {
    return requireTensor(tensors, "out." + name, file.string());
  }
  bool has(const std::string& name) const { return tensors.contains(name); }
};

inline Case readCase(const std::filesystem::path& file) {
  Case result{file, readJson(file), {}};
  std::filesystem::path tensors = file;
  tensors.replace_extension(".safetensors");
  if (std::filesystem::exists(tensors)) result.tensors = readSafetensors(tensors).tensors;
  return result;
}

/// Expects max |actual - expected| <= tolerance * max |expected|.
inline void expectClose(const Tensor& actual, const Tensor& expected, double tolerance,
                        const std::string& what) {
  ASSERT_TRUE(actual.defined()) << what;
  ASSERT_EQ(actual.sizes().vec(), expected.sizes().vec()) << what;
  if (expected.numel() == 0) return;
  const double scale = std::max(expected.to(at::kDouble).abs().max().item<double>(), 1e-12);
  const double difference =
      (actual.to(at::kDouble) - expected.to(at::kDouble)).abs().max().item<double>();
  EXPECT_LE(difference, tolerance * scale)
      << what << ": max difference " << difference << ", max value " << scale;
}

constexpr double kTolerance = 1e-4;

}  // namespace inkling::reference
