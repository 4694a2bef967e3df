// Where CUDA kernels run, for code that is not compiled by nvcc.
#pragma once

#include <stdexcept>
#include <string>

struct CUstream_st;

namespace inkling::kernels::cuda {

/// A queue of work on a card: a cudaStream_t. Null is the default one.
using Stream = ::CUstream_st*;

/// The card, or its driver, refused; what() says what and why.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace inkling::kernels::cuda
