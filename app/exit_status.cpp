#include "app/exit_status.h"

#include <exception>
#include <new>

#include "app/console.h"
#include "core/base/error.h"

namespace inkling {

int guardedRun(const std::function<int()>& work) {
  try {
    return work();
  } catch (const Cancelled&) {
    complain("interrupted");
    return kInterrupted;
  } catch (const UsageError& error) {
    complain(error.what());
    return kUsage;
  } catch (const InputError& error) {
    complain(error.what());
    return kSomeFailed;
  } catch (const std::bad_alloc&) {
    complain("not enough memory");
    return kNotStarted;
  } catch (const std::exception& error) {
    complain(error.what());
    return kNotStarted;
  } catch (...) {
    complain("an unknown error");
    return kNotStarted;
  }
}

}  // namespace inkling
