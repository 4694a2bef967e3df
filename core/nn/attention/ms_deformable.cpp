#include "core/nn/attention/ms_deformable.h"

#include <cmath>
#include <numbers>

#include <ATen/Parallel.h>

#include "core/kernels/cuda/deformable_sampling.h"
#include "core/kernels/deformable_sampling.h"
#include "core/nn/device.h"
#include "core/nn/operator_cost.h"

namespace inkling {
namespace {

// Samples of value [B, sum(H*W), D] at `locations`, weighted and summed: [B, Q, D].
Tensor sampled(const Tensor& value, const MsDeformableAttention::Result& where,
               const std::vector<TokenGrid>& grids, std::int64_t heads) {
  const std::int64_t batch = value.size(0), dim = value.size(2), width = dim / heads;
  const std::int64_t count = where.weights.size(1), points = where.weights.size(4);
  Tensor sum;
  std::int64_t start = 0;
  for (std::size_t level = 0; level < grids.size(); ++level) {
    const TokenGrid grid = grids[level];
    const auto number = static_cast<std::int64_t>(level);
    const Tensor map = value.slice(1, start, start + grid.count())
                           .view({batch, grid.height, grid.width, heads, width})
                           .permute({0, 3, 4, 1, 2})
                           .reshape({batch * heads, width, grid.height, grid.width});
    start += grid.count();
    const Tensor place = (where.locations.select(3, number) * 2 - 1)  // [B, Q, heads, points, 2]
                             .transpose(1, 2)
                             .reshape({batch * heads, count, points, 2});
    // Bilinear, zeros outside, corners not aligned.
    const Tensor samples =
        at::grid_sampler_2d(map, place, 0, 0, false);  // [B*heads, width, Q, points]
    const Tensor weight =
        where.weights.select(3, number).transpose(1, 2).reshape({batch * heads, 1, count, points});
    const Tensor part = (samples * weight).sum(-1);
    sum = level == 0 ? part : sum + part;
  }
  return sum.view({batch, dim, count}).transpose(1, 2);
}

// The same by a kernel, without gradients.
Tensor sampledFused(const Tensor& projected, const MsDeformableAttention::Result& where,
                    const std::vector<TokenGrid>& grids, std::int64_t heads) {
  const Tensor value = projected.contiguous(), locations = where.locations.contiguous(),
               weights = where.weights.contiguous();
  Tensor output = at::empty({value.size(0), weights.size(1), value.size(2)}, value.options());
  kernels::DeformableSampling job;
  std::int64_t start = 0;
  for (const TokenGrid& grid : grids) {
    job.levels.push_back({grid.height, grid.width, start});
    start += grid.count();
  }
  job.value = value.const_data_ptr<float>();
  job.tokenStride = value.size(2);
  job.photoStride = value.size(1) * value.size(2);
  job.location = locations.const_data_ptr<float>();
  job.weight = weights.const_data_ptr<float>();
  job.output = output.data_ptr<float>();
  job.photos = value.size(0);
  job.queries = weights.size(1);
  job.heads = heads;
  job.headWidth = value.size(2) / heads;
  job.points = weights.size(4);
  if (value.is_cuda()) {
    startOnCard(value, [&](auto stream) { kernels::cuda::deformableSampling(job, stream); });
  } else {
    at::parallel_for(0, job.items(), 16, [&](std::int64_t begin, std::int64_t end) {
      kernels::deformableSampling(job, begin, end);
    });
  }
  noteMultiplyAdds(4 * weights.numel() * job.headWidth);
  return output;
}

}  // namespace

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
      sampling_offsets.forward(query).view({batch, count, heads, levels, points, 2});
  Result result;
  result.weights =
      at::softmax(attention_weights.forward(query).view({batch, count, heads, levels * points}), -1)
          .view({batch, count, heads, levels, points});
  const Tensor anchor = reference.unsqueeze(2).unsqueeze(4);  // [B, Q, 1, levels, 1, 2 or 4]
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

  const bool recorded = at::GradMode::is_enabled() &&
                        (projected.requires_grad() || result.locations.requires_grad() ||
                         result.weights.requires_grad());
  const bool fused = !recorded && (projected.is_cpu() || projected.is_cuda()) && projected.scalar_type() == at::kFloat &&
                     result.locations.scalar_type() == at::kFloat;
  const Tensor mixed = fused ? sampledFused(projected, result, grids, heads)
                             : sampled(projected, result, grids, heads);
  result.tokens = output_proj.forward(mixed);
  return result;
}

}  // namespace inkling
