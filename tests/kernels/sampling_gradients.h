// Gradients of deformable sampling with memory of their own, and their definition in double
// precision: of the loss sum over i of given[i] * output[i].
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/base/random.h"
#include "tests/kernels/sampling_sample.h"

namespace inkling::kernels {

struct SamplingGradients {
  std::vector<float> given, value, location, weight;

  explicit SamplingGradients(const SamplingSample& sample)
      : given(sample.output.size()),
        value(sample.value.size(), std::numeric_limits<float>::quiet_NaN()),
        location(sample.location.size(), value[0]),
        weight(sample.weight.size(), value[0]) {
    Random random(2);
    for (float& each : given) each = static_cast<float>(random.normal());
  }
  /// On the memory of this, which must stay.
  DeformableSamplingGradients pointers(const DeformableSampling& job) {
    return {given.data(),    value.data(),    job.tokenStride,
            job.photoStride, location.data(), weight.data()};
  }
};

/// The part of the loss that one sample makes, were it at (x, y) with a weight of 1; what each
/// token's numbers add to it goes to `visit(number of the value, share, given)`.
class SamplingLoss {
 public:
  SamplingLoss(const DeformableSampling& job, const std::vector<float>& given)
      : job_(job), given_(given) {}

  template <typename Visit>
  void visit(std::int64_t p, double x, double y, Visit&& visit) const {
    const auto levels = static_cast<std::int64_t>(job_.levels.size());
    const auto& level = job_.levels[static_cast<std::size_t>(p / job_.points % levels)];
    const std::int64_t unit = p / job_.points / levels, head = unit % job_.heads,
                       photo = unit / job_.heads / job_.queries;
    for (std::int64_t token = 0; token < level.height * level.width; ++token) {
      const auto along = [](double place, std::int64_t size, std::int64_t at) {
        const double distance = place * static_cast<double>(size) - 0.5 - static_cast<double>(at);
        return std::max(0.0, 1 - std::abs(distance));
      };
      const double share =
          along(x, level.width, token % level.width) * along(y, level.height, token / level.width);
      for (std::int64_t c = 0; c < job_.headWidth; ++c)
        visit(photo * job_.photoStride + (level.first + token) * job_.tokenStride +
                  head * job_.headWidth + c,
              share, given_[static_cast<std::size_t>(unit * job_.headWidth + c)]);
    }
  }
  double at(std::int64_t p, double x, double y) const {
    double sum = 0;
    visit(p, x, y, [&](std::int64_t i, double share, double given) {
      sum += job_.value[i] * share * given;
    });
    return sum;
  }

 private:
  const DeformableSampling& job_;
  const std::vector<float>& given_;
};

}  // namespace inkling::kernels
