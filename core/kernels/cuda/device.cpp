#include "core/kernels/cuda/device.h"

#include "core/kernels/cuda/require.h"

namespace inkling::kernels::cuda {
namespace {

constexpr const char* kLooking = "looking for a CUDA device";

}  // namespace

bool isBuilt() { return true; }

std::vector<DeviceInfo> devices() {
  int count = 0;
  require(cudaGetDeviceCount(&count), kLooking);
  int before = 0;
  require(cudaGetDevice(&before), kLooking);
  std::vector<DeviceInfo> result;
  for (int i = 0; i < count; ++i) {
    cudaDeviceProp properties{};
    require(cudaGetDeviceProperties(&properties, i), kLooking);
    require(cudaSetDevice(i), kLooking);
    std::size_t free = 0, total = 0;
    require(cudaMemGetInfo(&free, &total), kLooking);
    result.push_back({properties.name, properties.major, properties.minor,
                      static_cast<std::int64_t>(free), static_cast<std::int64_t>(total)});
  }
  require(cudaSetDevice(before), kLooking);
  return result;
}

}  // namespace inkling::kernels::cuda
