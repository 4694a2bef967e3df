// The CUDA kernels on jobs of the host's memory (core/kernels/backend.h): what each job reads is
// copied to the card, what it wrote comes back. The card's memory is behind an interface, so that
// the copying is tested on machines without a card, with the kernels emulated.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "core/kernels/backend.h"
#include "core/kernels/cuda/stream.h"

namespace inkling::kernels::cuda {

/// All but `free` throw Error when the card refuses.
class CardMemory {
 public:
  CardMemory() = default;
  CardMemory(const CardMemory&) = delete;
  CardMemory& operator=(const CardMemory&) = delete;
  virtual ~CardMemory() = default;

  virtual std::string name() const = 0;  ///< of the card
  /// Makes the card the one that the calling thread uses, and gives the queue for a job.
  virtual Stream start() = 0;
  /// Aligned to 16 bytes at least.
  virtual void* allocate(std::size_t bytes) = 0;
  virtual void free(void* memory) noexcept = 0;
  virtual void copyIn(void* card, const void* host, std::size_t bytes) = 0;
  virtual void copyOut(void* host, const void* card, std::size_t bytes) = 0;
  /// For all that was started.
  virtual void wait() = 0;
};

std::unique_ptr<Backend> cardBackend(std::unique_ptr<CardMemory> memory);

}  // namespace inkling::kernels::cuda
