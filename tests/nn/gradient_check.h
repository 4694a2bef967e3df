// Derivatives as recorded against derivatives as measured.
#pragma once

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "core/nn/module.h"

namespace inkling {

inline void toDouble(Module& module) {
  module.visit(
      [](const std::string&, Tensor& tensor, Module::Kind) { tensor = tensor.to(at::kDouble); });
}

/// Checks the derivative of sum(f(x) * w), w random, against central differences in double
/// precision: by every `stride`th number of x, and by a few numbers of every parameter of `module`,
/// which is turned to double for it. f(x) must use `module`.
template <typename F>
void expectGradient(Module& module, Tensor x, F&& f, std::int64_t stride = 5) {
  toDouble(module);
  module.requireGradients(true);
  x = x.to(at::kDouble).detach().clone().requires_grad_(true);
  const Tensor w = at::randn_like(f(x)).detach();
  (f(x) * w).sum().backward();
  const at::NoGradGuard noGrad;
  const auto compare = [&](Tensor& values, const std::string& what, std::int64_t every) {
    const Tensor gradient = values.grad().defined() ? values.grad().reshape({-1})
                                                    : at::zeros({values.numel()}, at::kDouble);
    const double step = 1e-6;
    for (std::int64_t i = 0; i < values.numel(); i += every) {
      const auto at = [&](double offset) {
        Tensor element = values.view({-1})[i];
        const double before = element.item<double>();
        element.fill_(before + offset);
        const double sum = (f(x) * w).sum().template item<double>();
        element.fill_(before);
        return sum;
      };
      const double numeric = (at(step) - at(-step)) / (2 * step);
      EXPECT_NEAR(gradient[i].item<double>(), numeric, 1e-5 * std::max(1.0, std::abs(numeric)))
          << what << ", element " << i;
    }
  };
  compare(x, "input", stride);
  module.visit([&](const std::string& name, Tensor& tensor, Module::Kind kind) {
    if (kind != Module::Kind::kParameter || tensor.numel() == 0) return;
    compare(tensor, name, std::max<std::int64_t>(1, tensor.numel() / 4));
  });
}

}  // namespace inkling
