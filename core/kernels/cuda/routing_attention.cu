// core/kernels/routing_attention.h on a card.
//
// A block has up to 128 queries of one head of one region; tiles of 64 keys and values (32 for
// the widest heads) of the chosen regions are read where they lie into shared memory, and each of
// its four warps lets a quarter of the queries attend to them (attention_tile.cuh). So a key is
// read once for 128 queries: at a head width of 32, 16 KiB of the level-2 cache for half a million
// multiply-adds, which take 4096 clocks of a multiprocessor; arithmetic is the bound, not memory.
// While a block waits for its tile, the others of the multiprocessor (three at width 32, two at 64)
// compute. Regions of few queries get smaller blocks, so that more of them run at once; a warp
// without queries only helps to read.
//
// The convolution is a kernel of its own, after: there a thread has four neighbouring channels of
// four neighbouring tokens of a row, and reads each value and each weight of a row of the window
// once for all four.
#include <algorithm>
#include <cstdint>
#include <string>

#include "core/kernels/cuda/attention_tile.cuh"
#include "core/kernels/cuda/launch.cuh"
#include "core/kernels/cuda/routing_attention.h"

namespace inkling::kernels::cuda {
namespace {

constexpr int kWarps = 4, kThreads = kWarps * kWarp;

// A job as kernels get it, with what a card should not compute again and again.
struct Layout {
  RoutingAttention job;
  std::int64_t regions = 0;
  int regionColumns = 0, height = 0, width = 0;  // of a region, at most those of the grid
  int chunks = 0;                                // of the queries of a region
  bool fours = false;

  explicit Layout(const RoutingAttention& all)
      : job(all),
        regions(all.regions()),
        regionColumns(static_cast<int>(all.regionColumns())),
        height(static_cast<int>(std::min(all.regionHeight, all.gridHeight))),
        width(static_cast<int>(std::min(all.regionWidth, all.gridWidth))) {
    fours = true;
    for (const float* each : {job.query, job.key, job.value})
      fours &= Matrix{each, job.tokenStride, job.photoStride}.isInFours(job.headWidth);
    fours &=
        Matrix{job.output, job.outputTokenStride, job.outputPhotoStride}.isInFours(job.headWidth);
  }

  /// The token that is number `index` of a full region; -1 beyond the grid.
  __device__ int token(std::int64_t region, int index) const {
    const int y = static_cast<int>(region / regionColumns * job.regionHeight) + index / width;
    const int x = static_cast<int>(region % regionColumns * job.regionWidth) + index % width;
    if (index >= height * width || y >= job.gridHeight || x >= job.gridWidth) return -1;
    return y * static_cast<int>(job.gridWidth) + x;
  }
};

// What a block works at.
struct Place {
  std::int64_t photo, region, head;
  int chunk;
  const std::int64_t* chosen;

  __device__ explicit Place(const Layout& layout) {
    const std::int64_t block = blockIdx.x;
    chunk = static_cast<int>(block % layout.chunks);
    head = block / layout.chunks % layout.job.heads;
    const std::int64_t item = block / layout.chunks / layout.job.heads;
    photo = item / layout.regions;
    region = item % layout.regions;
    chosen = layout.job.chosen + item * layout.job.choices;
  }
};

// Shared memory of a block, in numbers.
template <int kRows, int kColumns, int kWidth>
struct Memory {
  static constexpr int kQueries = 4 * kRows * kWarps, kKeys = 8 * kColumns;
  static constexpr int kQueryPitch = kQueries + 4, kWeightPitch = kQueries + 8;
  using Warp = WarpAttention<kRows, kColumns, kWidth, kQueryPitch, kWeightPitch>;
  static constexpr int kSize =
      kWidth * (kQueryPitch + Warp::kKeyPitch + kKeys) + 32 * kWeightPitch + 4 * kKeys + kQueries;
  float *queries, *keys, *values, *weights, *bias;
  int *places, *own;  // tokens: of two tiles, of the queries

  __device__ explicit Memory(float* memory)
      : queries(memory),
        keys(queries + kWidth * kQueryPitch),
        values(keys + kWidth * Warp::kKeyPitch),
        weights(values + kKeys * kWidth),
        bias(weights + 32 * kWeightPitch),
        places(reinterpret_cast<int*>(bias + 2 * kKeys)),
        own(places + 2 * kKeys) {}

  /// Finds the tokens of the tile that begins at key `first`, and hides what is none.
  __device__ void findKeys(const Layout& layout, const Place& place, int first, int side) const {
    const int thread = static_cast<int>(threadIdx.x), cells = layout.height * layout.width;
    if (thread >= kKeys) return;
    const int index = first + thread, choice = index / cells;
    int token = -1;
    if (choice < layout.job.choices) token = layout.token(place.chosen[choice], index % cells);
    places[side * kKeys + thread] = token;
    bias[side * kKeys + thread] = token < 0 ? -INFINITY : 0.0F;
  }
};

template <int kRows, int kColumns, int kWidth>
__global__ void __launch_bounds__(kThreads) attend(Layout layout) {
  using Shared = Memory<kRows, kColumns, kWidth>;
  INKLING_SHARED(float, memory);
  const Shared shared(memory);
  const RoutingAttention& job = layout.job;
  const Place place(layout);
  const int thread = static_cast<int>(threadIdx.x), width = static_cast<int>(job.headWidth);
  for (int i = thread; i < Shared::kQueries; i += kThreads)
    shared.own[i] = layout.token(place.region, place.chunk * Shared::kQueries + i);
  shared.findKeys(layout, place, 0, 0);
  __syncthreads();
  const std::int64_t start = place.photo * job.photoStride + place.head * job.headWidth;
  const auto among = [&](const float* first, const int* tokens) {
    return [first = first + start, stride = job.tokenStride, tokens](int i) {
      return tokens[i] < 0 ? nullptr : first + tokens[i] * stride;
    };
  };
  stageTransposed<Shared::kQueries>(among(job.query, shared.own), width, layout.fours,
                                    job.scale * kLog2E, Shared::kQueryPitch, shared.queries, thread,
                                    kThreads);
  const int warp = thread / kWarp, lane = thread % kWarp, firstQuery = warp * 4 * kRows;
  const bool works =
      __ballot_sync(0xffffffffU, shared.own[firstQuery + lane % (4 * kRows)] >= 0) != 0;
  typename Shared::Warp attention(lane);
  const int keys = static_cast<int>(job.choices) * layout.height * layout.width;
  for (int first = 0, side = 0; first < keys; first += Shared::kKeys, side ^= 1) {
    const int* tokens = shared.places + side * Shared::kKeys;
    stageTransposed<Shared::kKeys>(among(job.key, tokens), width, layout.fours, 1,
                                   Shared::Warp::kKeyPitch, shared.keys, thread, kThreads);
    stage<Shared::kKeys, kWidth>(among(job.value, tokens), width, layout.fours, shared.values,
                                 thread, kThreads);
    shared.findKeys(layout, place, first + Shared::kKeys, side ^ 1);
    __syncthreads();
    if (works) {
      attention.add({shared.queries + firstQuery, shared.keys, shared.values,
                     shared.bias + side * Shared::kKeys, shared.weights + firstQuery},
                    width);
    }
    __syncthreads();
  }
  if (!works) return;
  INKLING_UNROLL for (int i = 0; i < kRows; ++i) {
    const int token = shared.own[firstQuery + attention.query(i)];
    float* output = token < 0 ? nullptr
                              : job.output + place.photo * job.outputPhotoStride +
                                    token * job.outputTokenStride + place.head * job.headWidth;
    attention.write(i, attention.share(i), output, width, layout.fours);
  }
}

template <int kRows, int kColumns, int kWidth>
void start(Layout layout, Stream stream) {
  using Shared = Memory<kRows, kColumns, kWidth>;
  layout.chunks = static_cast<int>(blocksFor(layout.height * layout.width, Shared::kQueries));
  const std::int64_t blocks = layout.job.items() * layout.job.heads * layout.chunks;
  launch("routing attention", attend<kRows, kColumns, kWidth>, dim3(blocksFor(blocks, 1)),
         dim3(kThreads), Shared::kSize * sizeof(float), stream, layout);
}

// ---------------------------------------------------------------------------- the convolution

constexpr int kTokens = 4;

__device__ void addProduct(float& sum, float a, float b) { sum += a * b; }
__device__ void addProduct(float4& sum, const float4& a, const float4& b) {
  sum.x += a.x * b.x;
  sum.y += a.y * b.y;
  sum.z += a.z * b.z;
  sum.w += a.w * b.w;
}

/// Adds to kTokens tokens of row y from column x on, in the channels from `channel` on.
template <typename Channels>
__device__ void addLocal(const RoutingAttention& job, std::int64_t photo, int y, int x,
                         std::int64_t channel) {
  const std::int64_t channels = job.heads * job.headWidth;
  const int height = static_cast<int>(job.gridHeight), width = static_cast<int>(job.gridWidth),
            size = static_cast<int>(job.localKernel), reach = size / 2;
  const float* values = job.value + photo * job.photoStride + channel;
  const auto at = [&](int v, int u) {
    if (u < 0 || u >= width) return Channels{};
    const std::int64_t token = std::int64_t{v} * width + u;
    return __ldg(reinterpret_cast<const Channels*>(values + token * job.tokenStride));
  };
  Channels sum[kTokens], window[kTokens];
  INKLING_UNROLL for (int t = 0; t < kTokens; ++t) sum[t] =
      *reinterpret_cast<const Channels*>(job.localBias + channel);
  for (int i = 0; i < size; ++i) {
    const int v = y + i - reach;
    if (v < 0 || v >= height) continue;
    INKLING_UNROLL for (int t = 1; t < kTokens; ++t) window[t] = at(v, x - reach + t - 1);
    for (int j = 0; j < size; ++j) {
      INKLING_UNROLL for (int t = 1; t < kTokens; ++t) window[t - 1] = window[t];
      window[kTokens - 1] = at(v, x - reach + j + kTokens - 1);
      const Channels weight = __ldg(reinterpret_cast<const Channels*>(
          job.localWeight + std::int64_t{i * size + j} * channels + channel));
      INKLING_UNROLL for (int t = 0; t < kTokens; ++t) addProduct(sum[t], window[t], weight);
    }
  }
  float* output = job.output + photo * job.outputPhotoStride + channel;
  INKLING_UNROLL for (int t = 0; t < kTokens; ++t) {
    if (x + t >= width) continue;
    const std::int64_t token = std::int64_t{y} * width + x + t;
    addScaled(*reinterpret_cast<Channels*>(output + token * job.outputTokenStride), sum[t], 1);
  }
}

template <typename Channels>
__global__ void __launch_bounds__(kThreads) convolve(RoutingAttention job, std::int64_t threads) {
  const std::int64_t index = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (index >= threads) return;
  constexpr int kChannels = sizeof(Channels) / sizeof(float);
  const std::int64_t runs = job.heads * job.headWidth / kChannels;
  const std::int64_t columns = (job.gridWidth + kTokens - 1) / kTokens;
  const std::int64_t row = index / runs / columns;
  addLocal<Channels>(job, row / job.gridHeight, static_cast<int>(row % job.gridHeight),
                     static_cast<int>(index / runs % columns) * kTokens, index % runs * kChannels);
}

template <typename Channels>
void startConvolution(const RoutingAttention& job, Stream stream) {
  const std::int64_t threads = job.photos * job.gridHeight * blocksFor(job.gridWidth, kTokens) *
                               job.heads * job.headWidth /
                               static_cast<std::int64_t>(sizeof(Channels) / sizeof(float));
  launch("routing attention's convolution", convolve<Channels>, dim3(blocksFor(threads, kThreads)),
         dim3(kThreads), 0, stream, job, threads);
}

}  // namespace

void routingAttention(const RoutingAttention& job, Stream stream) {
  if (job.headWidth > kMostHeadWidth)
    throw Error("routing attention: heads of " + std::to_string(job.headWidth) +
                " channels; the card's code has at most " + std::to_string(kMostHeadWidth));
  const Layout layout(job);
  const bool isLarge = layout.height * layout.width > 64;
  if (job.headWidth <= 32)
    isLarge ? start<8, 8, 32>(layout, stream) : start<4, 8, 32>(layout, stream);
  else if (job.headWidth <= 64)
    isLarge ? start<8, 8, 64>(layout, stream) : start<4, 8, 64>(layout, stream);
  else
    start<4, 4, 128>(layout, stream);
  if (job.localWeight == nullptr) return;
  const bool fours = layout.fours && isAligned(job.localWeight) && isAligned(job.localBias);
  fours ? startConvolution<float4>(job, stream) : startConvolution<float>(job, stream);
}

}  // namespace inkling::kernels::cuda
