// Threads that work for the window without getting in its way.
#pragma once

namespace inkling {

/// The calling thread, and those that it starts from now on, get the processor only when the window
/// does not want it (a higher nice value; Linux has one for each thread).
void stepBackForWindow();

}  // namespace inkling
