// What a piece of tensor code costs besides time: multiply-adds and memory.
#pragma once

#include <cstdint>
#include <functional>

namespace inkling {

/// Multiply-adds of `work`'s matrix products, convolutions, fused attention and bilinear samples
/// (four each). Element-wise operators, sums and softmax are not counted, as is usual when networks
/// are compared. What other threads do is not seen, apart from the inside of operators.
std::int64_t multiplyAddsOf(const std::function<void()>& work);
/// Hand-written kernels are no operators: who calls one tells what it costs.
void noteMultiplyAdds(std::int64_t count);

/// Bytes of tensors that are alive at one time at most while `work` runs, beyond those that lived
/// before, on all threads. Scratch memory of hand-written kernels is not counted. Nothing else may
/// make tensors meanwhile.
std::int64_t peakTensorBytesOf(const std::function<void()>& work);

}  // namespace inkling
