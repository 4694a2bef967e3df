// Backward pass of core/kernels/deformable_sampling.h on a card. A few neighbouring lanes of a warp
// have one sample, each of them four channels at a time (or one): they add to the values' gradients
// where the sample's four tokens lie, and sum what is due to location and weight among themselves.
#include <algorithm>

#include "core/kernels/cuda/bilinear.cuh"
#include "core/kernels/cuda/deformable_sampling.h"
#include "core/kernels/cuda/launch.cuh"

namespace inkling::kernels::cuda {
namespace {

constexpr unsigned kThreads = 256;
constexpr unsigned kAllLanes = 0xffffffff;

__device__ float dot(float a, float b) { return a * b; }
__device__ float dot(const float4& a, const float4& b) {
  return a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w;
}

// Adds x * factor, while others do.
__device__ void addAtomically(float* to, float x, float factor) { atomicAdd(to, x * factor); }
__device__ void addAtomically(float* to, const float4& x, float factor) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
  atomicAdd(reinterpret_cast<float4*>(to),
            make_float4(x.x * factor, x.y * factor, x.z * factor, x.w * factor));
#else
  atomicAdd(to, x.x * factor);
  atomicAdd(to + 1, x.y * factor);
  atomicAdd(to + 2, x.z * factor);
  atomicAdd(to + 3, x.w * factor);
#endif
}

// Levels lie along y.
template <typename Channels>
__global__ void clearValues(const SamplingLayout job, const DeformableSamplingGradients to) {
  constexpr int kChannels = sizeof(Channels) / sizeof(float);
  const SamplingLayout::Level level = job.level[blockIdx.y];
  const std::int64_t runs = job.heads * job.headWidth / kChannels,
                     tokens = std::int64_t{level.height} * level.width;
  const std::int64_t index = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x,
                     token = index / runs;
  if (token >= job.photos * tokens) return;
  *reinterpret_cast<Channels*>(to.value + token / tokens * to.photoStride +
                               (level.first + token % tokens) * to.tokenStride +
                               index % runs * kChannels) = Channels{};
}

// `lanes`, a power of two up to 32, have a sample.
template <typename Channels>
__global__ void __launch_bounds__(kThreads)
    backward(const SamplingLayout job, const DeformableSamplingGradients to, int lanes,
             std::int64_t samples) {
  constexpr int kChannels = sizeof(Channels) / sizeof(float);
  const std::int64_t group = (std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x) / lanes;
  const bool isReal = group < samples;  // the others only take part in the shuffles
  const std::int64_t p = isReal ? group : samples - 1, unit = p / (job.levels * job.points),
                     item = unit / job.heads, photo = item / job.queries,
                     channel = unit % job.heads * job.headWidth;
  const int lane = static_cast<int>(threadIdx.x) % lanes;
  const SamplingLayout::Level level = job.level[p / job.points % job.levels];
  const Bilinear place(job.location[2 * p], job.location[2 * p + 1], level.height, level.width);
  const float weight = job.weight[p];
  float product[4] = {0, 0, 0, 0};  // of the output's gradient and each token
  for (std::int64_t c = lane * kChannels; c < job.headWidth && isReal && place.isNear;
       c += lanes * kChannels) {
    const Channels given = *reinterpret_cast<const Channels*>(to.output + unit * job.headWidth + c);
    for (int corner = 0; corner < 4; ++corner) {
      if (!place.isInside(corner)) continue;
      const std::int64_t token = level.first + place.token(corner);
      product[corner] +=
          dot(given, *reinterpret_cast<const Channels*>(job.value + photo * job.photoStride +
                                                        token * job.tokenStride + channel + c));
      if (to.value != nullptr)
        addAtomically(to.value + photo * to.photoStride + token * to.tokenStride + channel + c,
                      given, place.share(corner) * weight);
    }
  }
  const float u = place.u, v = place.v;
  float byX = (1 - v) * (product[1] - product[0]) + v * (product[3] - product[2]);
  float byY = (1 - u) * (product[2] - product[0]) + u * (product[3] - product[1]);
  float byWeight = (1 - v) * ((1 - u) * product[0] + u * product[1]) +
                   v * ((1 - u) * product[2] + u * product[3]);
  for (int with = lanes / 2; with > 0; with /= 2) {
    byX += __shfl_xor_sync(kAllLanes, byX, with);
    byY += __shfl_xor_sync(kAllLanes, byY, with);
    byWeight += __shfl_xor_sync(kAllLanes, byWeight, with);
  }
  if (lane != 0 || !isReal) return;
  if (to.location != nullptr) {
    to.location[2 * p] = byX * weight * static_cast<float>(level.width);
    to.location[2 * p + 1] = byY * weight * static_cast<float>(level.height);
  }
  if (to.weight != nullptr) to.weight[p] = byWeight;
}

template <typename Channels>
void start(const SamplingLayout& layout, const DeformableSamplingGradients& to, Stream stream) {
  constexpr std::int64_t kChannels = sizeof(Channels) / sizeof(float);
  const std::int64_t runs = layout.headWidth / kChannels,
                     units = layout.photos * layout.queries * layout.heads,
                     samples = units * layout.levels * layout.points;
  if (to.value != nullptr) {
    std::int64_t most = 0;
    for (const SamplingLayout::Level& level : layout.level)
      most = std::max(most, std::int64_t{level.height} * level.width);
    launch("deformable sampling backward", clearValues<Channels>,
           dim3(blocksFor(layout.photos * most * layout.heads * runs, kThreads),
                static_cast<unsigned>(layout.levels)),
           dim3(kThreads), 0, stream, layout, to);
  }
  int lanes = 1;
  while (lanes < runs && lanes < kWarp) lanes *= 2;
  launch("deformable sampling backward", backward<Channels>,
         dim3(blocksFor(samples * lanes, kThreads)), dim3(kThreads), 0, stream, layout, to, lanes,
         samples);
}

}  // namespace

void deformableSamplingBackward(const DeformableSampling& job,
                                const DeformableSamplingGradients& gradients, Stream stream) {
  const SamplingLayout layout(job);
  const bool fours = job.headWidth % 4 == 0 && job.tokenStride % 4 == 0 &&
                     job.photoStride % 4 == 0 && gradients.tokenStride % 4 == 0 &&
                     gradients.photoStride % 4 == 0 && isAligned(job.value) &&
                     isAligned(gradients.output) && isAligned(gradients.value);
  fours ? start<float4>(layout, gradients, stream) : start<float>(layout, gradients, stream);
}

}  // namespace inkling::kernels::cuda
