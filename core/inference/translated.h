// Errors of the tensor library in Inkling's own terms. Internal to core/inference.
#pragma once

#include <new>

#include "core/base/error.h"
#include "core/nn/tensor.h"

namespace inkling {

/// Runs `work` without gradients. Throws Error where the tensor library fails or memory runs out.
template <typename F>
auto translated(F&& work) {
  try {
    const at::NoGradGuard noGrad;
    return work();
  } catch (const c10::Error& error) {
    fail<Error>("the tensor library failed: {}", error.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    fail<Error>("not enough memory");
  }
}

}  // namespace inkling
