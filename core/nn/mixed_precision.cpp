#include "core/nn/mixed_precision.h"

#include <ATen/autocast_mode.h>

namespace inkling {

MixedPrecision::MixedPrecision(at::DeviceType device, at::ScalarType type)
    : device_(device), acts_(type != at::kFloat) {
  if (!acts_) return;
  before_ = at::autocast::is_autocast_enabled(device_);
  typeBefore_ = at::autocast::get_autocast_dtype(device_);
  at::autocast::set_autocast_dtype(device_, type);
  at::autocast::set_autocast_enabled(device_, true);
  at::autocast::increment_nesting();
}

MixedPrecision::~MixedPrecision() {
  if (!acts_) return;
  // Weights are cast once a step and kept; the next step has others.
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(device_, before_);
  at::autocast::set_autocast_dtype(device_, typeBefore_);
}

}  // namespace inkling
