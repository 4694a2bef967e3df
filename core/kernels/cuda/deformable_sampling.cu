// Forward pass of core/kernels/deformable_sampling.h on a card. A thread has four neighbouring
// channels of one head of one query (or one, where the width is not a multiple of four) and walks
// along the points: the threads of a head read one run of memory for each corner of a sample.
#include "core/kernels/cuda/bilinear.cuh"
#include "core/kernels/cuda/deformable_sampling.h"
#include "core/kernels/cuda/launch.cuh"

namespace inkling::kernels::cuda {
namespace {

constexpr unsigned kThreads = 256;

template <typename Channels>
__global__ void forward(SamplingLayout job, std::int64_t threads) {
  const std::int64_t index = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (index >= threads) return;
  constexpr int kChannels = sizeof(Channels) / sizeof(float);
  const std::int64_t runs = job.headWidth / kChannels;
  const std::int64_t unit = index / runs;  // a head of a query
  const std::int64_t channel = unit % job.heads * job.headWidth + index % runs * kChannels;
  const std::int64_t item = unit / job.heads;
  const float* photo = job.value + item / job.queries * job.photoStride + channel;
  const std::int64_t first = unit * job.levels * job.points;
  Channels sum{};
  for (int l = 0; l < job.levels; ++l) {
    const SamplingLayout::Level level = job.level[l];
    const float* grid = photo + level.first * job.tokenStride;
    for (std::int64_t p = first + l * job.points; p < first + (l + 1) * job.points; ++p) {
      const Bilinear sample(job.location[2 * p], job.location[2 * p + 1], level.height,
                            level.width);
      const float weight = job.weight[p];
      for (int corner = 0; corner < 4; ++corner) {
        const float share = sample.share(corner);
        if (share == 0) continue;
        addScaled(sum,
                  *reinterpret_cast<const Channels*>(grid + sample.token(corner) * job.tokenStride),
                  share * weight);
      }
    }
  }
  *reinterpret_cast<Channels*>(job.output + item * job.heads * job.headWidth + channel) = sum;
}

template <typename Channels>
void start(const SamplingLayout& layout, Stream stream) {
  const std::int64_t threads = layout.photos * layout.queries * layout.heads * layout.headWidth /
                               static_cast<std::int64_t>(sizeof(Channels) / sizeof(float));
  launch("deformable sampling", forward<Channels>, dim3(blocksFor(threads, kThreads)),
         dim3(kThreads), 0, stream, layout, threads);
}

}  // namespace

void deformableSampling(const DeformableSampling& job, Stream stream) {
  const SamplingLayout layout(job);
  const bool fours = job.headWidth % 4 == 0 && job.tokenStride % 4 == 0 &&
                     job.photoStride % 4 == 0 && isAligned(job.value) && isAligned(job.output);
  fours ? start<float4>(layout, stream) : start<float>(layout, stream);
}

}  // namespace inkling::kernels::cuda
