// What the checks of all kinds of reference case share.
#pragma once

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "core/base/json.h"
#include "core/nn/module.h"
#include "core/nn/safetensors.h"

namespace inkling::reference {

/// Where the product computes, set once from INKLING_DEVICE: the processor, a card, or, for
/// "sealed", the card of tests/nn/sealed_card.h.
inline at::Device& device() {
  static at::Device kDevice{at::kCPU};
  return kDevice;
}

/// One case: what the JSON says, and the tensors beside it (none for kinds without a .safetensors
/// file).
struct Case {
  std::filesystem::path file;  ///< the .json
  Json json;
  StateDict tensors;  ///< inputs ("in.") on the device, all others on the processor
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
  for (auto& [name, tensor] : result.tensors)
    if (name.starts_with("in.")) tensor = tensor.to(device());
  return result;
}

/// Gives a module the tensors of a case, and its place on the device.
inline void loadOnDevice(Module& module, const StateDict& state, const std::string& source,
                         const std::string& prefix = "") {
  module.load(state, source, prefix);
  module.moveTo(device());
}

/// Expects max |actual - expected| <= tolerance * max |expected|.
inline void expectClose(const Tensor& actual, const Tensor& expected, double tolerance,
                        const std::string& what) {
  ASSERT_TRUE(actual.defined()) << what;
  ASSERT_EQ(actual.sizes().vec(), expected.sizes().vec()) << what;
  if (expected.numel() == 0) return;
  const Tensor got = actual.to(at::kCPU, at::kDouble), wanted = expected.to(at::kCPU, at::kDouble);
  const double scale = std::max(wanted.abs().max().item<double>(), 1e-12);
  const double difference = (got - wanted).abs().max().item<double>();
  EXPECT_LE(difference, tolerance * scale)
      << what << ": max difference " << difference << ", max value " << scale;
}

constexpr double kTolerance = 1e-4;

}  // namespace inkling::reference
