#include <cuda_runtime_api.h>

#include "core/kernels/cuda/card_memory.h"
#include "core/kernels/cuda/device.h"
#include "core/kernels/cuda/require.h"

namespace inkling::kernels {
namespace {

using cuda::require;

class DeviceMemory : public cuda::CardMemory {
 public:
  explicit DeviceMemory(int device) : device_(device) {
    const std::vector<cuda::DeviceInfo> all = cuda::devices();
    if (device < 0 || static_cast<std::size_t>(device) >= all.size())
      throw cuda::Error("there is no card " + std::to_string(device) + ", but " +
                        std::to_string(all.size()) + " in all");
    const cuda::DeviceInfo& info = all[static_cast<std::size_t>(device)];
    name_ = info.name;
    if (info.major < cuda::kLeastMajor)
      throw cuda::Error(name_ + ": compute capability " + std::to_string(info.major) + "." +
                        std::to_string(info.minor) + ", but " + std::to_string(cuda::kLeastMajor) +
                        ".0 is needed");
  }

  std::string name() const override { return name_; }
  cuda::Stream start() override {
    require(cudaSetDevice(device_), "choosing a card");
    return nullptr;
  }
  void* allocate(std::size_t bytes) override {
    void* memory = nullptr;
    require(cudaMalloc(&memory, bytes), "memory for a job");
    return memory;
  }
  void free(void* memory) noexcept override { static_cast<void>(cudaFree(memory)); }
  void copyIn(void* card, const void* host, std::size_t bytes) override {
    require(cudaMemcpy(card, host, bytes, cudaMemcpyHostToDevice), "copying a job to the card");
  }
  void copyOut(void* host, const void* card, std::size_t bytes) override {
    require(cudaMemcpy(host, card, bytes, cudaMemcpyDeviceToHost), "copying results from the card");
  }
  void wait() override { require(cudaDeviceSynchronize(), "waiting for the card"); }

 private:
  int device_;
  std::string name_;
};

}  // namespace

std::unique_ptr<Backend> cudaBackend(int device) {
  return cuda::cardBackend(std::make_unique<DeviceMemory>(device));
}

}  // namespace inkling::kernels
