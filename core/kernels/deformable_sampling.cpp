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

// A point of a level, and the four tokens around it: 0 1 / 2 3.
struct Place {
  bool isNear = false;
  float u = 0, v = 0;  // of the way from the left to the right token, from the upper to the lower
  std::int64_t column = 0, row = 0;

  INKLING_INLINE Place(const DeformableSampling::Level& level, const float* location) {
    // In tokens; (0, 0) is the middle of the first.
    const float x = location[0] * static_cast<float>(level.width) - 0.5F,
                y = location[1] * static_cast<float>(level.height) - 0.5F;
    // Written so that NaN is outside, too. At -1 there is nothing yet, but the slope of what begins
    // there.
    isNear = x >= -1 && y >= -1 && x < static_cast<float>(level.width) &&
             y < static_cast<float>(level.height);
    if (!isNear) return;
    const float left = std::floor(x), top = std::floor(y);
    u = x - left;
    v = y - top;
    column = static_cast<std::int64_t>(left);
    row = static_cast<std::int64_t>(top);
  }
  // Whether the corner is in the grid, and its number there.
  INKLING_INLINE bool find(const DeformableSampling::Level& level, std::int64_t corner,
                           std::int64_t& token) const {
    const std::int64_t i = column + corner % 2, j = row + corner / 2;
    token = j * level.width + i;
    return i >= 0 && j >= 0 && i < level.width && j < level.height;
  }
  INKLING_INLINE float across(std::int64_t corner) const { return corner % 2 == 1 ? u : 1 - u; }
  INKLING_INLINE float down(std::int64_t corner) const { return corner / 2 == 1 ? v : 1 - v; }
};

INKLING_INLINE void sample(const float* grid, std::int64_t stride,
                           const DeformableSampling::Level& level, const float* location,
                           float weight, std::int64_t width, float* output) {
  const Place place(level, location);
  if (!place.isNear) return;
  for (std::int64_t corner = 0; corner < 4; ++corner) {
    std::int64_t token = 0;
    if (!place.find(level, corner, token)) continue;
    const float share = place.across(corner) * place.down(corner);
    add(grid + token * stride, share * weight, width, output);
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
          sample(grid, job.tokenStride, level, job.location + 2 * p, job.weight[p], job.headWidth,
                 output);
        }
      }
    }
  }
}

template <int kLanes>
struct Vector {
  typedef float Loose __attribute__((vector_size(4 * kLanes), aligned(4)));  // anywhere in memory
};

template <int kLanes>
INKLING_INLINE float dot(const float* a, const float* b, std::int64_t width) {
  using Loose = typename Vector<kLanes>::Loose;
  Loose sums{};
  std::int64_t c = 0;
  for (; c + kLanes <= width; c += kLanes)
    sums += *reinterpret_cast<const Loose*>(a + c) * *reinterpret_cast<const Loose*>(b + c);
  float sum = 0;
  for (int i = 0; i < kLanes; ++i) sum += sums[i];
  for (; c < width; ++c) sum += a[c] * b[c];
  return sum;
}

// What a backward pass of one sample reads and writes.
struct SampleGradients {
  const float* output;
  const float* grid;
  float* gridGradient;  // null when not wanted
  std::int64_t stride, gradientStride, width;
  float byX = 0, byY = 0, byWeight = 0;  // by x and y in tokens, before the weight
};

template <int kLanes>
INKLING_INLINE void sampleBackward(const DeformableSampling::Level& level, const Place& place,
                                   float weight, SampleGradients& to) {
  for (std::int64_t corner = 0; corner < 4; ++corner) {
    std::int64_t token = 0;
    if (!place.find(level, corner, token)) continue;
    const float across = place.across(corner), down = place.down(corner);
    const float product = dot<kLanes>(to.output, to.grid + token * to.stride, to.width);
    to.byX += (corner % 2 == 1 ? product : -product) * down;
    to.byY += (corner / 2 == 1 ? product : -product) * across;
    to.byWeight += across * down * product;
    if (to.gridGradient != nullptr)
      add(to.output, across * down * weight, to.width, to.gridGradient + token * to.gradientStride);
  }
}

// All points of one head of one query.
template <int kLanes>
INKLING_INLINE void queryBackward(const DeformableSampling& job,
                                  const DeformableSamplingGradients& gradients, std::int64_t photo,
                                  std::int64_t query, std::int64_t head) {
  const auto levels = static_cast<std::int64_t>(job.levels.size());
  const std::int64_t unit = (photo * job.queries + query) * job.heads + head;
  for (std::int64_t i = 0; i < levels * job.points; ++i) {
    const DeformableSampling::Level& level = job.levels[static_cast<std::size_t>(i / job.points)];
    const std::int64_t p = unit * levels * job.points + i;
    SampleGradients to{
        gradients.output + unit * job.headWidth,
        job.value + photo * job.photoStride + level.first * job.tokenStride + head * job.headWidth,
        nullptr,
        job.tokenStride,
        gradients.tokenStride,
        job.headWidth};
    if (gradients.value != nullptr)
      to.gridGradient = gradients.value + photo * gradients.photoStride +
                        level.first * gradients.tokenStride + head * job.headWidth;
    const Place place(level, job.location + 2 * p);
    if (place.isNear) sampleBackward<kLanes>(level, place, job.weight[p], to);
    if (gradients.location != nullptr) {
      gradients.location[2 * p] = to.byX * job.weight[p] * static_cast<float>(level.width);
      gradients.location[2 * p + 1] = to.byY * job.weight[p] * static_cast<float>(level.height);
    }
    if (gradients.weight != nullptr) gradients.weight[p] = to.byWeight;
  }
}

template <int kLanes>
INKLING_INLINE void itemsBackward(const DeformableSampling& job,
                                  const DeformableSamplingGradients& gradients, std::int64_t begin,
                                  std::int64_t end) {
  for (std::int64_t item = begin; item < end; ++item) {
    const std::int64_t photo = item / job.heads, head = item % job.heads;
    for (const DeformableSampling::Level& level : job.levels) {
      for (std::int64_t token = 0; token < level.height * level.width; ++token) {
        if (gradients.value == nullptr) break;
        std::fill_n(gradients.value + photo * gradients.photoStride +
                        (level.first + token) * gradients.tokenStride + head * job.headWidth,
                    job.headWidth, 0.0F);
      }
    }
    for (std::int64_t query = 0; query < job.queries; ++query)
      queryBackward<kLanes>(job, gradients, photo, query, head);
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

[[gnu::target("avx2,fma")]] void avx2(const DeformableSampling& job,
                                      const DeformableSamplingGradients& gradients,
                                      std::int64_t begin, std::int64_t end) {
  itemsBackward<8>(job, gradients, begin, end);
}

[[gnu::target("avx512f,avx512dq,avx512vl,fma")]] void avx512(
    const DeformableSampling& job, const DeformableSamplingGradients& gradients, std::int64_t begin,
    std::int64_t end) {
  itemsBackward<16>(job, gradients, begin, end);
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

void deformableSamplingBackward(const DeformableSampling& job,
                                const DeformableSamplingGradients& gradients, std::int64_t begin,
                                std::int64_t end, Instructions instructions) {
#if defined(__x86_64__)
  if (instructions == Instructions::kAvx512) return avx512(job, gradients, begin, end);
  if (instructions == Instructions::kAvx2) return avx2(job, gradients, begin, end);
#endif
  static_cast<void>(instructions);
  itemsBackward<4>(job, gradients, begin, end);
}

}  // namespace inkling::kernels
