#include "core/nn/region_features.h"

#include <cmath>

namespace inkling {

Tensor poolBoxes(const Tensor& map, const Tensor& boxes, double share, std::int64_t samples) {
  const std::int64_t batch = boxes.size(0), count = boxes.size(1);
  // Lattice positions in -0.5 .. 0.5 of the box, at the centres of equal cells.
  const Tensor axis =
      ((at::arange(samples, boxes.options()) + 0.5) / static_cast<double>(samples) - 0.5) * share;
  const Tensor x = axis.unsqueeze(0).expand({samples, samples}),
               y = axis.unsqueeze(1).expand({samples, samples});
  const Tensor lattice = at::stack({x, y}, -1).reshape({1, 1, samples * samples, 2});
  const Tensor where =
      boxes.slice(-1, 0, 2).unsqueeze(2) + lattice * boxes.slice(-1, 2, 4).unsqueeze(2);
  const Tensor sampled =
      at::grid_sampler_2d(map, where * 2 - 1, 0, 1, false);  // [B, C, P, samples^2]
  return sampled.mean(-1).transpose(1, 2).reshape({batch, count, map.size(1)});
}

RegionFeatures RegionFeatures::to(at::Device device) const {
  const auto moved = [&](const Tensor& t) { return t.defined() ? t.to(device) : t; };
  return {moved(tokens), moved(cnn), moved(classes), moved(objectness), moved(boxes), moved(valid)};
}

PhotoTensors PhotoTensors::to(at::Device device, std::optional<at::ScalarType> type) const {
  const auto moved = [&](const Tensor& t) {
    return t.defined() ? t.to(device, type.value_or(t.scalar_type())) : t;
  };
  return {moved(tokens),     moved(stem),    moved(cnnMap), moved(boxes),
          moved(objectness), moved(classes), count};
}

Tensor logScores(const Tensor& scores) {
  constexpr double kFloor = 1e-4;
  return 1 - at::log(scores.clamp(kFloor, 1)) / std::log(kFloor);
}

}  // namespace inkling
