#include "core/kernels/cuda/device.h"

#include "core/kernels/cuda/require.h"

namespace inkling::kernels::cuda {
namespace {

constexpr const char* kLooking = "looking for a CUDA device";

// The runtime calls a driver that is missing one that is too old.
void requireDriver() {
  int driver = 0, runtime = 0;
  require(cudaDriverGetVersion(&driver), kLooking);
  require(cudaRuntimeGetVersion(&runtime), kLooking);
  if (driver == 0) throw Error("there is no NVIDIA driver");
  // Any driver of the runtime's major version serves.
  if (driver / 1000 < runtime / 1000)
    throw Error("the NVIDIA driver serves CUDA " + std::to_string(driver / 1000) + ", and CUDA " +
                std::to_string(runtime / 1000) + " is needed");
}

}  // namespace

bool isBuilt() { return true; }

std::vector<DeviceInfo> devices() {
  requireDriver();
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
