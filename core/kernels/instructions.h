// Which vector instructions the kernels use: those of this processor, found out when the program
// runs, so one build serves all.
#pragma once

namespace inkling::kernels {

enum class Instructions { kPlain, kAvx2, kAvx512 };
/// Whether this processor, and this build, has them.
bool supported(Instructions instructions);
Instructions fastestInstructions();

}  // namespace inkling::kernels
