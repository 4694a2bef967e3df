#include "core/nn/attention/deformable_sampling.h"

#include <array>

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include "core/base/error.h"
#include "core/kernels/cuda/deformable_sampling.h"
#include "core/kernels/deformable_sampling.h"
#include "core/nn/device.h"
#include "core/nn/mixed_precision.h"
#include "core/nn/operator_cost.h"

namespace inkling {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

void check(const DeformableSamples& samples) {
  const auto& [value, locations, weights, grids] = samples;
  bool fits = value.dim() == 3 && weights.dim() == 5 && locations.dim() == 6 &&
              locations.size(5) == 2 && locations.sizes().slice(0, 5) == weights.sizes() &&
              weights.size(0) == value.size(0) && weights.size(2) > 0 && !grids.empty() &&
              weights.size(3) == static_cast<std::int64_t>(grids.size()) &&
              value.size(2) % weights.size(2) == 0;
  std::int64_t tokens = 0;
  for (const TokenGrid& grid : grids) {
    fits = fits && grid.height > 0 && grid.width > 0;
    tokens += grid.count();
  }
  // The kernels believe what they are told: a token more than there are is memory of others.
  fits = fits && value.size(1) == tokens;
  if (!fits)
    fail<InputError>(
        "deformable sampling: values [{}], locations [{}] and weights [{}] do not belong to {} "
        "grids of {} tokens",
        fmt::join(value.sizes().vec(), ", "), fmt::join(locations.sizes().vec(), ", "),
        fmt::join(weights.sizes().vec(), ", "), grids.size(), tokens);
}

bool isUnderAutocast(const Tensor& x) {
  return at::autocast::is_autocast_enabled(x.device().type());
}

bool kernelTakes(at::TensorList inputs, std::size_t grids) {
  const c10::Device device = inputs[0].device();
  if (!device.is_cpu() && !device.is_cuda()) return false;
  if (device.is_cuda() && grids > kernels::cuda::kMostLevels) return false;
  for (const Tensor& each : inputs) {
    if (each.device() != device) return false;
    if (each.scalar_type() != at::kFloat &&
        !(at::isReducedFloatingType(each.scalar_type()) && isUnderAutocast(each)))
      return false;
  }
  return true;
}

// ---- By kernels. Tensors are contiguous and float32 from here on. ----

kernels::DeformableSampling jobOf(const DeformableSamples& samples) {
  const auto& [value, locations, weights, grids] = samples;
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
  job.photos = value.size(0);
  job.queries = weights.size(1);
  job.heads = weights.size(2);
  job.headWidth = value.size(2) / job.heads;
  job.points = weights.size(4);
  return job;
}

Tensor runForward(const DeformableSamples& samples) {
  const Tensor& value = samples.value;
  const Tensor output =
      at::empty({value.size(0), samples.weights.size(1), value.size(2)}, value.options());
  kernels::DeformableSampling job = jobOf(samples);
  job.output = output.mutable_data_ptr<float>();
  if (value.is_cuda()) {
    startOnCard(value, [&](auto stream) { kernels::cuda::deformableSampling(job, stream); });
  } else {
    at::parallel_for(0, job.items(), 16, [&](std::int64_t begin, std::int64_t end) {
      kernels::deformableSampling(job, begin, end);
    });
  }
  noteMultiplyAdds(4 * samples.weights.numel() * job.headWidth);
  return output;
}

// Of value, locations, weights; undefined where not wanted.
using Gradients = std::array<Tensor, 3>;
using Wanted = std::array<bool, 3>;

Gradients runBackward(const DeformableSamples& samples, const Tensor& given, const Wanted& wanted) {
  const kernels::DeformableSampling job = jobOf(samples);
  Gradients gradients;
  const auto place = [&](std::size_t number, const Tensor& like) -> float* {
    if (!wanted[number]) return nullptr;
    gradients[number] = at::empty(like.sizes(), like.options());
    return gradients[number].mutable_data_ptr<float>();
  };
  kernels::DeformableSamplingGradients to;
  to.output = given.const_data_ptr<float>();
  to.value = place(0, samples.value);
  to.tokenStride = job.tokenStride;
  to.photoStride = job.photoStride;
  to.location = place(1, samples.locations);
  to.weight = place(2, samples.weights);
  if (given.is_cuda()) {
    // As the library's operator: an error for those who asked for the same bits every time.
    if (wanted[0]) at::globalContext().alertNotDeterministic("deformable sampling backward");
    startOnCard(given,
                [&](auto stream) { kernels::cuda::deformableSamplingBackward(job, to, stream); });
  } else {
    const std::int64_t items = kernels::DeformableSamplingGradients::items(job);
    at::parallel_for(0, items, 1, [&](std::int64_t begin, std::int64_t end) {
      kernels::deformableSamplingBackward(job, to, begin, end);
    });
  }
  return gradients;
}

// The backward pass as a step that is recorded itself where someone means to differentiate it: then
// it is an error to do so, instead of a derivative that silently lacks a part.
struct SamplingGradients : torch::autograd::Function<SamplingGradients> {
  /// Those wanted, in their order.
  static variable_list forward(AutogradContext*, const Tensor& given, const Tensor& value,
                               const Tensor& locations, const Tensor& weights,
                               const std::vector<TokenGrid>& grids, const Wanted& wanted) {
    variable_list some;
    for (Tensor& each : runBackward({value, locations, weights, grids}, given, wanted))
      if (each.defined()) some.push_back(std::move(each));
    return some;
  }
  static variable_list backward(AutogradContext*, const variable_list&) {
    fail<UsageError>("deformable sampling has no gradients of gradients");
  }
};

struct Sampling : torch::autograd::Function<Sampling> {
  static Tensor forward(AutogradContext* context, const Tensor& value, const Tensor& locations,
                        const Tensor& weights, const std::vector<TokenGrid>& grids) {
    context->save_for_backward({value, locations, weights});
    context->set_materialize_grads(false);
    std::vector<std::int64_t> sides;
    for (const TokenGrid& grid : grids) sides.insert(sides.end(), {grid.height, grid.width});
    context->saved_data["sides"] = std::move(sides);
    return runForward({value, locations, weights, grids});
  }
  static variable_list backward(AutogradContext* context, const variable_list& given) {
    variable_list gradients(4);  // the grids have none
    if (!given[0].defined()) return gradients;
    const variable_list saved = context->get_saved_variables();
    const std::vector<std::int64_t> sides = context->saved_data["sides"].toIntVector();
    std::vector<TokenGrid> grids;
    for (std::size_t i = 0; i < sides.size(); i += 2) grids.push_back({sides[i], sides[i + 1]});
    Wanted wanted{};
    for (std::size_t i = 0; i < 3; ++i) wanted[i] = context->needs_input_grad(i);
    const variable_list some = SamplingGradients::apply(given[0].contiguous(), saved[0], saved[1],
                                                        saved[2], grids, wanted);
    for (std::size_t i = 0, next = 0; i < 3; ++i)
      if (wanted[i]) gradients[i] = some[next++];
    return gradients;
  }
};

Tensor byKernel(const DeformableSamples& samples) {
  const auto ready = [](const Tensor& x) { return x.to(at::kFloat).contiguous(); };
  const DeformableSamples all{ready(samples.value), ready(samples.locations),
                              ready(samples.weights), samples.grids};
  const bool recorded =
      at::GradMode::is_enabled() &&
      (all.value.requires_grad() || all.locations.requires_grad() || all.weights.requires_grad());
  return recorded ? Sampling::apply(all.value, all.locations, all.weights, all.grids)
                  : runForward(all);
}

// ---- By operators. ----

Tensor byOperators(const DeformableSamples& samples) {
  const auto type = at::promote_types(
      samples.value.scalar_type(),
      at::promote_types(samples.locations.scalar_type(), samples.weights.scalar_type()));
  const Tensor value = samples.value.to(type), locations = samples.locations.to(type),
               weights = samples.weights.to(type);
  const std::int64_t batch = value.size(0), dim = value.size(2), heads = weights.size(2),
                     width = dim / heads, count = weights.size(1), points = weights.size(4);
  Tensor sum;
  std::int64_t start = 0;
  for (std::size_t level = 0; level < samples.grids.size(); ++level) {
    const TokenGrid grid = samples.grids[level];
    const auto number = static_cast<std::int64_t>(level);
    const Tensor map = value.slice(1, start, start + grid.count())
                           .reshape({batch, grid.height, grid.width, heads, width})
                           .permute({0, 3, 4, 1, 2})
                           .reshape({batch * heads, width, grid.height, grid.width});
    start += grid.count();
    const Tensor place = (locations.select(3, number) * 2 - 1)  // [B, Q, heads, points, 2]
                             .transpose(1, 2)
                             .reshape({batch * heads, count, points, 2});
    // Bilinear, zeros outside, corners not aligned.
    const Tensor each =
        at::grid_sampler_2d(map, place, 0, 0, false);  // [B*heads, width, Q, points]
    const Tensor weight =
        weights.select(3, number).transpose(1, 2).reshape({batch * heads, 1, count, points});
    const Tensor part = (each * weight).sum(-1);
    sum = level == 0 ? part : sum + part;
  }
  return sum.view({batch, dim, count}).transpose(1, 2);
}

// For the kernel a group is a head with one point and a weight of 1.
Tensor atPointsByKernel(const Tensor& photo, const Tensor& points) {
  const std::int64_t batch = photo.size(0), groups = points.size(1),
                     count = points.size(2) * points.size(3);
  // From the middles of the outer tokens at -1 and 1 to the outer edges at 0 and 1.
  const auto along = [&](std::int64_t axis, std::int64_t size) {
    const auto tokens = static_cast<double>(size);
    return points.select(-1, axis) * ((tokens - 1) / (2 * tokens)) + 0.5;
  };
  const Tensor places = at::stack({along(1, photo.size(3)), along(0, photo.size(2))}, -1);
  DeformableSamples samples;
  samples.value = photo.flatten(2).transpose(1, 2);
  samples.locations = places.reshape({batch, groups, count, 1, 1, 2}).transpose(1, 2);
  samples.weights = at::ones({batch, count, groups, 1, 1}, points.options());
  samples.grids = {{photo.size(2), photo.size(3)}};
  return sampled(samples, SamplingWay::kKernel)
      .transpose(1, 2)
      .reshape({batch, photo.size(1), points.size(2), points.size(3)});
}

Tensor atPointsByOperators(const Tensor& photo, const Tensor& points) {
  const std::int64_t batch = photo.size(0), channels = photo.size(1), groups = points.size(1);
  const auto type = at::promote_types(photo.scalar_type(), points.scalar_type());
  const Tensor maps =
      photo.to(type).reshape({batch * groups, channels / groups, photo.size(2), photo.size(3)});
  return at::grid_sampler_2d(maps, points.to(type).flatten(0, 1).flip(-1), /*bilinear*/ 0,
                             /*zeros*/ 0, /*align_corners*/ true)
      .reshape({batch, channels, points.size(2), points.size(3)});
}

}  // namespace

Tensor precise(const Tensor& x) { return isUnderAutocast(x) ? widened(x) : x; }

Tensor sampled(const DeformableSamples& samples, SamplingWay way) {
  check(samples);
  const bool can =
      kernelTakes({samples.value, samples.locations, samples.weights}, samples.grids.size());
  if (way == SamplingWay::kKernel && !can)
    fail<UsageError>("deformable sampling: no kernel for tensors of this type or device");
  return can && way != SamplingWay::kOperators ? byKernel(samples) : byOperators(samples);
}

Tensor sampledAtPoints(const Tensor& photo, const Tensor& points, SamplingWay way) {
  // Measured on a processor, forward and backward: the sampling alone takes half to a sixth of the
  // operators' time, but that is under 5 % of a layer, and layers as a whole came out equal. So
  // models keep the bits they have.
  if (way == SamplingWay::kBest && photo.is_cuda() && kernelTakes({photo, points}, 1))
    way = SamplingWay::kKernel;
  return way == SamplingWay::kKernel ? atPointsByKernel(photo, points)
                                     : atPointsByOperators(photo, points);
}

}  // namespace inkling
