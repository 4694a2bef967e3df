#include "core/base/background_thread.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace inkling {

void stepBackForWindow() {
  // A third of the weight of a thread of the window, not a tenth: beside a busy program, a search
  // must go on, too.
  constexpr int kNice = 5;
  const auto thread = static_cast<id_t>(::syscall(SYS_gettid));
  ::setpriority(PRIO_PROCESS, thread, kNice);
}

}  // namespace inkling
