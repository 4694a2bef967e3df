// Errors of the CUDA runtime as exceptions.
#pragma once

#include <cuda_runtime_api.h>

#include <string>

#include "core/kernels/cuda/stream.h"

namespace inkling::kernels::cuda {

/// Throws Error saying what was being done, and the runtime's reason.
inline void require(cudaError_t status, const char* what) {
  if (status != cudaSuccess) throw Error(std::string(what) + ": " + cudaGetErrorString(status));
}

}  // namespace inkling::kernels::cuda
