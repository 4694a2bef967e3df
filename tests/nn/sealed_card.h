// A card for machines that have none: LibTorch's spare device type, whose operators are the
// processor's. It computes real numbers, and it is as strict as a card: an operator that gets
// tensors of both sides is an error, and memory that lies there cannot be touched from here; a
// pointer that is taken by mistake ends the test.
//
//   network.moveTo(sealedCard());
//
// What it does not show: the order of things that run at the same time, and the branches for CUDA.
#pragma once

#include <cstdint>

#include <c10/core/Device.h>

namespace inkling {

c10::Device sealedCard();

/// How often something has travelled between the two sides so far, numbers that were asked for
/// included: each is a wait, and none may happen while a graph is recorded.
std::int64_t sealedCardCrossings();

}  // namespace inkling
