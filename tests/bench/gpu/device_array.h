// Memory of the card for as long as something holds it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <cuda_runtime_api.h>

#include "core/kernels/cuda/require.h"

namespace inkling::bench {

template <typename T>
class DeviceArray {
 public:
  explicit DeviceArray(std::int64_t count) : count_(count) {
    void* memory = nullptr;
    kernels::cuda::require(cudaMalloc(&memory, static_cast<std::size_t>(bytes())),
                           "memory of the card");
    memory_.reset(static_cast<T*>(memory));
  }
  explicit DeviceArray(const std::vector<T>& values)
      : DeviceArray(static_cast<std::int64_t>(values.size())) {
    kernels::cuda::require(
        cudaMemcpy(get(), values.data(), static_cast<std::size_t>(bytes()), cudaMemcpyHostToDevice),
        "copying to the card");
  }
  T* get() const { return memory_.get(); }
  std::int64_t bytes() const { return count_ * static_cast<std::int64_t>(sizeof(T)); }

 private:
  struct Free {
    void operator()(T* memory) const { static_cast<void>(cudaFree(memory)); }
  };
  std::int64_t count_;
  std::unique_ptr<T, Free> memory_;
};

}  // namespace inkling::bench
