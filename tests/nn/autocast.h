// Autocast on the processor, while it lives.
#pragma once

#include <ATen/autocast_mode.h>

namespace inkling {

class Autocast {
 public:
  explicit Autocast(at::ScalarType type = at::kBFloat16)
      : before_(at::autocast::get_autocast_dtype(at::kCPU)) {
    at::autocast::set_autocast_dtype(at::kCPU, type);
    at::autocast::set_autocast_enabled(at::kCPU, true);
  }
  ~Autocast() {
    at::autocast::set_autocast_enabled(at::kCPU, false);
    at::autocast::set_autocast_dtype(at::kCPU, before_);
    at::autocast::clear_cache();
  }
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  at::ScalarType before_;
};

}  // namespace inkling
