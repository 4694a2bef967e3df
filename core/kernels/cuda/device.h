// The cards of this machine, as far as programs need to know them before they use one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/kernels/cuda/stream.h"

namespace inkling::kernels::cuda {

struct DeviceInfo {
  std::string name;
  int major = 0, minor = 0;  ///< compute capability
  std::int64_t freeBytes = 0, totalBytes = 0;
};

/// Whether this build has CUDA kernels at all.
bool isBuilt();

/// All cards. Throws Error saying why there is none: no CUDA in this build, no driver, one that is too
/// old, no card. Asking for free memory opens a context on each card, which takes some of it.
std::vector<DeviceInfo> devices();

/// What cards these kernels run on: compute capability 8.0 and later.
constexpr int kLeastMajor = 8;

}  // namespace inkling::kernels::cuda
