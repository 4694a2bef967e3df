// Weighted bilinear samples of token grids, with gradients: what deformable attention computes
// after it has chosen points. Float32 on the processor and on cards takes the kernels of
// core/kernels/deformable_sampling.h, which keep nothing for the gradients but what came in; all
// else takes the tensor library's operators, which keep every sample.
#pragma once

#include <vector>

#include "core/nn/attention/attention.h"

namespace inkling {

/// What computes samples. Both ways agree to rounding; tests and benchmarks choose, others leave it
/// at the best one: the kernel where it can and is worth it.
enum class SamplingWay { kBest, kKernel, kOperators };

struct DeformableSamples {
  Tensor value;  ///< [B, N, heads * width], the tokens of the grids one after another
  /// [B, Q, heads, grids, points, 2] as (x, y), 0 and 1 the outer edges of the grid. What lies
  /// beyond it counts as zeros.
  Tensor locations;
  Tensor weights;  ///< [B, Q, heads, grids, points]
  std::vector<TokenGrid> grids;
};

/// The samples, weighted and summed over points and grids: [B, Q, heads * width]. Gradients reach
/// all three tensors, but have no gradients of their own (UsageError when these are asked for). On
/// the processor every run gives the same bits, with any number of threads.
///
/// Tensors of any strides, of one device. The kernel's are float32, or, under at::autocast, of
/// half precision too, and the result is float32. Throws InputError where the sizes do not belong
/// together, UsageError where the kernel is asked for what it cannot.
Tensor sampled(const DeformableSamples& samples, SamplingWay way = SamplingWay::kBest);

/// A photo [B, C, H, W] at points [B, groups, Hk, Wk, 2] as (y, x), -1 and 1 the middles of the
/// outer tokens; each group of channels at its own: [B, C, Hk, Wk]. Otherwise as above, but on the
/// processor the best way is the operators'.
Tensor sampledAtPoints(const Tensor& photo, const Tensor& points,
                       SamplingWay way = SamplingWay::kBest);

/// Places in a photo and their weights need more digits than half precision has: under at::autocast
/// what is of half precision comes back as float32, all else as it is.
Tensor precise(const Tensor& x);

}  // namespace inkling
