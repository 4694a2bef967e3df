// What forward and backward of deformable sampling share.
#pragma once

#include <cstdint>

#include "core/kernels/cuda/deformable_sampling.h"
#include "core/kernels/cuda/launch.cuh"

namespace inkling::kernels::cuda {

/// A job as kernels get it: nothing of it lies in the host's memory.
struct SamplingLayout {
  struct Level {
    std::int64_t first = 0;
    int height = 0, width = 0;
  };
  Level level[kMostLevels];
  int levels = 0;
  const float *value, *location, *weight;
  float* output;
  std::int64_t tokenStride, photoStride, photos, queries, heads, headWidth, points;

  explicit SamplingLayout(const DeformableSampling& job)
      : levels(static_cast<int>(job.levels.size())),
        value(job.value),
        location(job.location),
        weight(job.weight),
        output(job.output),
        tokenStride(job.tokenStride),
        photoStride(job.photoStride),
        photos(job.photos),
        queries(job.queries),
        heads(job.heads),
        headWidth(job.headWidth),
        points(job.points) {
    if (levels > kMostLevels)
      throw Error("deformable sampling: more levels than the card's code has");
    for (int i = 0; i < levels; ++i) {
      const DeformableSampling::Level& each = job.levels[static_cast<std::size_t>(i)];
      level[i] = {each.first, static_cast<int>(each.height), static_cast<int>(each.width)};
    }
  }
};

/// The four tokens of a grid around (x, y), 0 and 1 the outer edges of the grid, and their shares;
/// a share is 0 for a token beyond the grid. NaN lies beyond the grid.
struct Bilinear {
  float u = 0,
        v = 0;  ///< of the way from the left to the right token, and from the upper to the lower
  int column = 0, row = 0, height = 0, width = 0;
  bool isNear = false;

  __device__ Bilinear(float locationX, float locationY, int gridHeight, int gridWidth)
      : height(gridHeight), width(gridWidth) {
    const float x = locationX * static_cast<float>(width) - 0.5F,
                y = locationY * static_cast<float>(height) - 0.5F;
    // At -1 there is nothing yet, but the slope of what begins there.
    isNear = x >= -1 && y >= -1 && x < static_cast<float>(width) && y < static_cast<float>(height);
    if (!isNear) return;
    column = static_cast<int>(floorf(x));
    row = static_cast<int>(floorf(y));
    u = x - static_cast<float>(column);
    v = y - static_cast<float>(row);
  }
  /// Of the tokens 0 1 / 2 3.
  __device__ bool isInside(int corner) const {
    const int i = column + corner % 2, j = row + corner / 2;
    return isNear && i >= 0 && j >= 0 && i < width && j < height;
  }
  __device__ std::int64_t token(int corner) const {
    return std::int64_t{row + corner / 2} * width + column + corner % 2;
  }
  __device__ float share(int corner) const {
    if (!isInside(corner)) return 0;
    return (corner % 2 == 1 ? u : 1 - u) * (corner / 2 == 1 ? v : 1 - v);
  }
};

__device__ inline void addScaled(float& sum, float x, float factor) { sum += factor * x; }
__device__ inline void addScaled(float4& sum, const float4& x, float factor) {
  sum.x += factor * x.x;
  sum.y += factor * x.y;
  sum.z += factor * x.z;
  sum.w += factor * x.w;
}

/// Whether four numbers can be read at once from `pointer` on.
inline bool isAligned(const float* pointer) {
  return reinterpret_cast<std::uintptr_t>(pointer) % sizeof(float4) == 0;
}

}  // namespace inkling::kernels::cuda
