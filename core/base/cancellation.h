// Cancelling work that runs on another thread.
#pragma once

#include <atomic>
#include <memory>

#include "core/base/error.h"

namespace inkling {

/// A flag that copies share. The owner calls cancel(); workers ask cancelled() between photos or
/// steps.
class CancellationToken {
 public:
  CancellationToken() : flag_(std::make_shared<std::atomic<bool>>(false)) {}
  void cancel() const { flag_->store(true, std::memory_order_relaxed); }
  bool cancelled() const { return flag_->load(std::memory_order_relaxed); }
  /// Throws Cancelled when the flag is set.
  void check() const {
    if (cancelled()) throw Cancelled();
  }

 private:
  std::shared_ptr<std::atomic<bool>> flag_;
};

}  // namespace inkling
