#include "core/kernels/deformable_sampling.h"

#include <algorithm>
#include <cmath>

namespace inkling::kernels {
namespace {

// Inlined into one function per instruction set; the innermost loop becomes its vectors.
#define INKLING_INLINE [[gnu::always_inline]] inline

// Adds share * token to the `width` numbers at `output`.
INKLING_INLINE void add(const float* token, float share, std::int64_t width,
                        float* __restrict output) {
  for (std::int64_t c = 0; c < width; ++c) output[c] += share * token[c];
}

// One sample of one level at (x, y), in tokens; (0, 0) is the middle of the first.
INKLING_INLINE void sample(const float* grid, std::int64_t stride,
                           const DeformableSampling::Level& level, float x, float y, float weight,
                           std::int64_t width, float* output) {
  // Written so that NaN is outside, too.
  const bool near = x > -1 && y > -1 && x < static_cast<float>(level.width) &&
                    y < static_cast<float>(level.height);
  if (!near) return;
  const float left = std::floor(x), top = std::floor(y), u = x - left, v = y - top;
  const auto column = static_cast<std::int64_t>(left), row = static_cast<std::int64_t>(top);
  for (std::int64_t corner = 0; corner < 4; ++corner) {
    const std::int64_t i = column + corner % 2, j = row + corner / 2;
    if (i < 0 || j < 0 || i >= level.width || j >= level.height) continue;
    const float share = (corner % 2 == 1 ? u : 1 - u) * (corner / 2 == 1 ? v : 1 - v);
    add(grid + (j * level.width + i) * stride, share * weight, width, output);
  }
}

INKLING_INLINE void items(const DeformableSampling& job, std::int64_t begin, std::int64_t end) {
  const auto levels = static_cast<std::int64_t>(job.levels.size());
  for (std::int64_t item = begin; item < end; ++item) {
    const float* photo = job.value + item / job.queries * job.photoStride;
    for (std::int64_t head = 0; head < job.heads; ++head) {
      float* output = job.output + (item * job.heads + head) * job.headWidth;
      std::fill_n(output, job.headWidth, 0.0F);
      for (std::int64_t l = 0; l < levels; ++l) {
        const DeformableSampling::Level& level = job.levels[static_cast<std::size_t>(l)];
        const float* grid = photo + level.first * job.tokenStride + head * job.headWidth;
        const std::int64_t first = ((item * job.heads + head) * levels + l) * job.points;
        for (std::int64_t p = first; p < first + job.points; ++p) {
          const float x = job.location[2 * p] * static_cast<float>(level.width) - 0.5F;
          const float y = job.location[2 * p + 1] * static_cast<float>(level.height) - 0.5F;
          sample(grid, job.tokenStride, level, x, y, job.weight[p], job.headWidth, output);
        }
      }
    }
  }
}

#if defined(__x86_64__)
[[gnu::target("avx2,fma")]] void avx2(const DeformableSampling& job, std::int64_t begin,
                                      std::int64_t end) {
  items(job, begin, end);
}

[[gnu::target("avx512f,avx512dq,avx512vl,fma")]] void avx512(const DeformableSampling& job,
                                                             std::int64_t begin, std::int64_t end) {
  items(job, begin, end);
}
#endif

}  // namespace

void deformableSampling(const DeformableSampling& job, std::int64_t begin, std::int64_t end,
                        Instructions instructions) {
#if defined(__x86_64__)
  if (instructions == Instructions::kAvx512) return avx512(job, begin, end);
  if (instructions == Instructions::kAvx2) return avx2(job, begin, end);
#endif
  static_cast<void>(instructions);
  items(job, begin, end);
}

}  // namespace inkling::kernels
