#include "core/nn/box_ops.h"

namespace inkling {
namespace {

struct Overlap {
  Tensor inter, joined, hull;
};

// Corners broadcast against each other: a [..., 4], b [..., 4].
Overlap overlap(const Tensor& a, const Tensor& b) {
  const auto corner = [](const Tensor& boxes, int first) {
    return boxes.slice(-1, first, first + 2);
  };
  const auto area = [](const Tensor& size) { return size.select(-1, 0) * size.select(-1, 1); };
  const Tensor inner =
      (at::minimum(corner(a, 2), corner(b, 2)) - at::maximum(corner(a, 0), corner(b, 0)))
          .clamp_min(0);
  const Tensor outer =
      (at::maximum(corner(a, 2), corner(b, 2)) - at::minimum(corner(a, 0), corner(b, 0)))
          .clamp_min(0);
  const Tensor inter = area(inner);
  const Tensor joined =
      area(corner(a, 2) - corner(a, 0)) + area(corner(b, 2) - corner(b, 0)) - inter;
  return {inter, joined, area(outer)};
}

}  // namespace

Tensor cxcywhToXyxy(const Tensor& boxes) {
  const Tensor centre = boxes.slice(-1, 0, 2), half = boxes.slice(-1, 2, 4) * 0.5;
  return at::cat({centre - half, centre + half}, -1);
}

Tensor xyxyToCxcywh(const Tensor& boxes) {
  const Tensor low = boxes.slice(-1, 0, 2), high = boxes.slice(-1, 2, 4);
  return at::cat({(low + high) * 0.5, high - low}, -1);
}

std::pair<Tensor, Tensor> boxIou(const Tensor& a, const Tensor& b) {
  const Overlap o = overlap(a.unsqueeze(1), b.unsqueeze(0));
  return {o.inter / o.joined, o.joined};
}

Tensor generalizedBoxIou(const Tensor& a, const Tensor& b) {
  const Overlap o = overlap(a.unsqueeze(1), b.unsqueeze(0));
  return o.inter / o.joined - (o.hull - o.joined) / o.hull;
}

Tensor pairedGeneralizedIou(const Tensor& a, const Tensor& b) {
  const Overlap o = overlap(a, b);
  return o.inter / o.joined - (o.hull - o.joined) / o.hull;
}

std::vector<Box> plainBoxes(const Tensor& cxcywh) {
  const Tensor rows = cxcywh.to(at::kCPU, at::kFloat).contiguous();
  const float* b = rows.data_ptr<float>();
  std::vector<Box> boxes;
  for (std::int64_t i = 0; i < rows.size(0); ++i, b += 4)
    boxes.push_back({b[0] - b[2] / 2.0, b[1] - b[3] / 2.0, b[2], b[3]});
  return boxes;
}

Tensor inverseSigmoid(const Tensor& x) {
  const Tensor clamped = x.clamp(0, 1);
  return at::log(clamped.clamp_min(1e-5) / (1 - clamped).clamp_min(1e-5));
}

}  // namespace inkling
