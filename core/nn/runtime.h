// Set-up of the tensor library for this process: threads, and a guard against a broken instruction
// set.
#pragma once

#include <cstdint>

namespace inkling {

/// Must run before the first tensor operator (later calls only set the number of threads).
/// `threads` <= 0 keeps the library's choice. Some machines announce AMX matrix instructions and
/// kill the process that uses them; unless the processor really reports its tile palette (CPUID
/// leaf 0x1D), oneDNN is told to stay with AVX-512. A value that the user set in ONEDNN_MAX_CPU_ISA
/// is left alone.
///
/// On a card float32 means all its bits: TF32 is not used.
///
/// Also keeps freed memory for the next photo instead of giving it back to the system after every
/// layer: the maps of a network are tens of megabytes each, and having the kernel clear fresh pages
/// for them took about as long as the arithmetic. The process keeps its peak; nothing grows with
/// the number of photos.
void initializeRuntime(int threads);

/// Seeds every random choice that tensor operators make (dropout).
void seedOperators(std::uint64_t seed);

}  // namespace inkling
