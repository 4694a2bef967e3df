#include "core/nn/attention/splat.h"

namespace inkling {

Tensor splatWeights(const Tensor& weights, const Tensor& points, TokenGrid grid) {
  const std::int64_t batch = weights.size(0), count = weights.size(3), groups = points.size(1);
  const Tensor corner = points.floor(), inside = points - corner;
  Tensor share = at::zeros({batch, groups, count, grid.count()}, weights.options());
  for (const int right : {0, 1}) {
    for (const int below : {0, 1}) {
      const Tensor x = corner.select(-1, 0) + right, y = corner.select(-1, 1) + below;
      const Tensor u = inside.select(-1, 0), v = inside.select(-1, 1);
      const Tensor part = (right == 1 ? u : 1 - u) * (below == 1 ? v : 1 - v);
      const Tensor exists = (x >= 0) & (x < grid.width) & (y >= 0) & (y < grid.height);
      const Tensor token = (y.clamp(0, grid.height - 1) * grid.width + x.clamp(0, grid.width - 1))
                               .to(at::kLong)
                               .unsqueeze(-1);
      share = share.scatter_add(-1, token, (part * exists).unsqueeze(-1));
    }
  }
  const Tensor map = at::matmul(weights, share.mean(1, true));
  const Tensor sum = map.sum(-1, true);
  const Tensor alike = at::full_like(map, 1.0 / static_cast<double>(grid.count()));
  return at::where(sum > 1e-6, map / sum.clamp_min(1e-6), alike);
}

}  // namespace inkling
