#include "core/nn/attention/ms_deformable.h"

#include <cmath>
#include <numbers>

namespace inkling {
MsDeformableAttention::MsDeformableAttention(std::int64_t dim, std::int64_t levelCount,
                                             std::int64_t headCount, std::int64_t pointCount,
                                             Random& random)
    : sampling_offsets(dim, headCount * levelCount * pointCount * 2, random),
      attention_weights(dim, headCount * levelCount * pointCount, random),
      value_proj(dim, dim, random),
      output_proj(dim, dim, random),
      levels(levelCount),
      heads(headCount),
      points(pointCount) {
  child("sampling_offsets", sampling_offsets);
  child("attention_weights", attention_weights);
  child("value_proj", value_proj);
  child("output_proj", output_proj);
  // As published: at first every head looks in a direction of its own, its points farther and
  // farther out.
  sampling_offsets.setZero();
  attention_weights.setZero();
  auto bias = sampling_offsets.bias.view({heads, levels, points, 2});
  for (std::int64_t h = 0; h < heads; ++h) {
    const double angle =
        2.0 * std::numbers::pi * static_cast<double>(h) / static_cast<double>(heads);
    const double reach = std::max(std::abs(std::cos(angle)), std::abs(std::sin(angle)));
    for (std::int64_t p = 0; p < points; ++p) {
      const double step = static_cast<double>(p + 1) / reach;
      bias.select(0, h).select(1, p).select(-1, 0).fill_(std::cos(angle) * step);
      bias.select(0, h).select(1, p).select(-1, 1).fill_(std::sin(angle) * step);
    }
  }
}

MsDeformableAttention::Result MsDeformableAttention::forward(const Tensor& query,
                                                             const Tensor& reference,
                                                             const Tensor& value,
                                                             const std::vector<TokenGrid>& grids,
                                                             const Tensor& paddingMask) const {
  const std::int64_t batch = query.size(0), count = query.size(1);
  Tensor projected = value_proj.forward(value);
  if (paddingMask.defined()) projected = projected.masked_fill(paddingMask.unsqueeze(-1), 0.0);
  const Tensor offsets =
      precise(sampling_offsets.forward(query)).view({batch, count, heads, levels, points, 2});
  Result result;
  result.weights =
      at::softmax(
          precise(attention_weights.forward(query)).view({batch, count, heads, levels * points}),
          -1)
          .view({batch, count, heads, levels, points});
  const Tensor anchor =
      precise(reference).unsqueeze(2).unsqueeze(4);  // [B, Q, 1, levels, 1, 2 or 4]
  if (reference.size(-1) == 2) {
    std::vector<float> sides;
    for (const TokenGrid& grid : grids) {
      sides.push_back(static_cast<float>(grid.width));
      sides.push_back(static_cast<float>(grid.height));
    }
    const Tensor size = at::tensor(sides).to(query.device()).view({1, 1, 1, levels, 1, 2});
    result.locations = anchor + offsets / size;
  } else {
    result.locations = anchor.slice(-1, 0, 2) +
                       offsets / static_cast<double>(points) * anchor.slice(-1, 2, 4) * 0.5;
  }

  result.tokens =
      output_proj.forward(sampled({projected, result.locations, result.weights, grids}, sampling));
  return result;
}

}  // namespace inkling
