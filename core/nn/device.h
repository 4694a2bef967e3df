// Where tensors are computed: the one place in the code that decides it.
//
//   const DeviceChoice choice = chooseDevice("auto");
//   if (!choice.note.empty()) tell(choice.note);
//   network.moveTo(choice.device);
//
// LibTorch's CUDA part is loaded when a card is wanted and can be used, not before: the program
// starts as fast without it, and runs on machines that do not have it.
#pragma once

#include <cstdint>
#include <string>

#include <c10/core/DeviceGuard.h>

#include "core/base/error.h"
#include "core/kernels/cuda/stream.h"
#include "core/nn/tensor.h"

namespace inkling {

/// What the model and one photo's pass take on a card, the libraries' own memory included.
inline constexpr std::int64_t kLeastDeviceMemory = std::int64_t{2} << 30;

struct DeviceChoice {
  c10::Device device{c10::kCPU};
  /// Why it is not the card that was asked for, or that is there: a sentence for a person. Empty
  /// where nobody would wonder: the wish came true, or "auto" found no card at all.
  std::string note;
};

/// The queue of work that the tensor library uses now on a card.
kernels::cuda::Stream streamOf(c10::Device card);

/// Whether `wanted` is one of "auto", "cpu", "cuda" (the first card), "cuda:N".
bool isDeviceName(const std::string& wanted);

/// "auto" takes the card with the most free memory if one can be used, otherwise the processor;
/// "cuda" and "cuda:N" too fall back to the processor, and say why: no CUDA in this build, no
/// driver or one that is too old, no such card, one older than the kernels, less than `leastMemory`
/// bytes free, LibTorch's CUDA part missing. Throws UsageError for other names.
DeviceChoice chooseDevice(const std::string& wanted, std::int64_t leastMemory = kLeastDeviceMemory);

/// Bytes of a card's memory that nobody uses now; 0 for anything but a card.
std::int64_t freeMemory(c10::Device device);

/// Gives `start` the queue of work that the tensor library uses now on the card where `tensor`
/// lies, with that card as the current one: how kernels of core/kernels/cuda are started. Throws
/// Error where the card refuses.
template <typename F>
void startOnCard(const at::Tensor& tensor, F&& start) {
  const c10::DeviceGuard there(tensor.device());
  try {
    start(streamOf(tensor.device()));
  } catch (const kernels::cuda::Error& error) {
    throw Error(error.what());
  }
}

}  // namespace inkling
