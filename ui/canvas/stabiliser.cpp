#include "ui/canvas/stabiliser.h"

#include <algorithm>

namespace inkling {
namespace {

constexpr double kLeastFollow = 0.12;

}  // namespace

Stabiliser::Stabiliser(double strength)
    : follow_(1 - (1 - kLeastFollow) * std::clamp(strength, 0.0, 1.0)) {}

void Stabiliser::start(QPointF raw) { raw_ = steady_ = raw; }

QPointF Stabiliser::next(QPointF raw) {
  raw_ = raw;
  steady_ += (raw - steady_) * follow_;
  return steady_;
}

}  // namespace inkling
