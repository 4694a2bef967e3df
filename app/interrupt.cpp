#include "app/interrupt.h"

#include <signal.h>

namespace inkling {
namespace {

// Lives as long as the program, since a signal may come at any time. Reading the pointer and
// setting the lock-free flag behind it are allowed in a handler.
const CancellationToken* interruptToken = nullptr;

void onSignal(int) {
  if (interruptToken != nullptr) interruptToken->cancel();
}

}  // namespace

CancellationToken cancelOnInterrupt() {
  static const CancellationToken token;
  interruptToken = &token;
  struct sigaction action {};
  action.sa_handler = onSignal;
  action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  return token;
}

}  // namespace inkling
