// core/kernels/sketch_attention.h on a card.
//
// The map is a reduction over heads, so one block has all heads of its queries (16 or 32), each
// warp a head of its own: a warp reads tiles of 32 keys and values of its head into its own part of
// shared memory and lets the queries attend to them (attention_tile.cuh) without waiting for
// others: while one reads, the rest compute. With more heads than warps, each warp takes several in
// turn. Then, tile by tile, the warps compute their heads' weights again, now with the maximum and
// the sum of all keys, and the block reduces them over the heads and writes the map once. Keeping
// the weights of all heads instead would take heads x keys x 128 bytes or more, which does not fit;
// the second look at the keys costs half of the first. A map of one head needs no reduction: each
// warp has tiles of its own.
//
// Every 32 queries read the keys and values anew, from the level-2 cache: at a head width of 32, a
// warp's 8 KiB for 64 Ki multiply-adds. Arithmetic and shared memory (attention_tile.cuh: 6 clocks
// of reading for 8 of arithmetic, with 8 x 4 logits and 8 x 4 channels a lane) bound it alike. Long
// jobs run blocks of four warps, three of them at once on a multiprocessor; short ones (a photo
// alone) spread out: 16 queries to a block, eight warps.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/kernels/cuda/attention_tile.cuh"
#include "core/kernels/cuda/launch.cuh"
#include "core/kernels/cuda/sketch_attention.h"

namespace inkling::kernels::cuda {
namespace {

constexpr int kMostWarps = 8, kKeys = 32, kMapPitch = kKeys + 4;

// A job as kernels get it.
struct Layout {
  SketchAttention job;
  int chunks = 0, heads, width, keys;
  int reduced = 0, firstReduced = 0;  // heads that the map is of
  bool fours, foursOut;

  explicit Layout(const SketchAttention& all)
      : job(all),
        heads(static_cast<int>(all.heads)),
        width(static_cast<int>(all.headWidth)),
        keys(static_cast<int>(all.keys)) {
    const auto inFours = [&](const auto& each) {
      return Matrix{each.first, each.tokenStride, each.photoStride}.isInFours(all.headWidth);
    };
    fours = inFours(all.query) && inFours(all.key) && inFours(all.value);
    foursOut = inFours(all.output);
  }
};

template <typename Number>
__device__ Number* at(const SketchAttention::Matrix<Number>& matrix, std::int64_t photo,
                      std::int64_t token) {
  return matrix.first + photo * matrix.photoStride + token * matrix.tokenStride;
}

// Shared memory, in numbers: parts of the warps, then what all share.
template <int kRows, int kWidth>
struct Shared {
  static constexpr int kQueries = 4 * kRows, kQueryPitch = kQueries + 4,
                       kWeightPitch = kQueries + 8;
  using Attention = WarpAttention<kRows, kKeys / 8, kWidth, kQueryPitch, kWeightPitch>;
  static constexpr int kWarpSize =
      kWidth * (kQueryPitch + Attention::kKeyPitch + kKeys) + kKeys * kWeightPitch + kKeys;
  static_assert(kQueries * kMapPitch <= kKeys * kWeightPitch, "a warp's map lies in its weights");
  static_assert(kQueries <= kWidth, "the block's map lies in the values of a warp");

  float *queries, *keys, *values, *weights, *bias;  // of one warp
  float *maximum, *share;                           // [heads, kQueries]
  float* reduced;  // [kQueries, kKeys], in the place of warp 0's values, which the map needs not
  float* firstWeights;  // of warp 0; others follow kWarpSize apart

  __device__ Shared(float* memory, int warp, int warps, int heads)
      : queries(memory + warp * kWarpSize),
        keys(queries + kWidth * kQueryPitch),
        values(keys + kWidth * Attention::kKeyPitch),
        weights(values + kKeys * kWidth),
        bias(weights + kKeys * kWeightPitch),
        maximum(memory + warps * kWarpSize),
        share(maximum + heads * kQueries),
        reduced(values - warp * kWarpSize),
        firstWeights(weights - warp * kWarpSize) {}
  static std::size_t ofBlock(std::int64_t heads) {
    return static_cast<std::size_t>(2 * heads * kQueries) * sizeof(float);
  }
};

// One warp's work.
template <int kRows, int kWidth>
struct Warp {
  using Memory = Shared<kRows, kWidth>;
  using Attention = typename Memory::Attention;
  const Layout& layout;
  Memory shared;
  int lane;
  std::int64_t photo, firstToken;
  int head = -1;  // that of the queries in shared memory

  __device__ const float* row(const SketchAttention::Matrix<const float>& matrix,
                              std::int64_t token, std::int64_t count) const {
    return token < count ? at(matrix, photo, token) + std::int64_t{head} * layout.width : nullptr;
  }

  __device__ void readQueries(int of) {
    if (head == of) return;
    head = of;
    stageTransposed<Memory::kQueries>(
        [&](int i) { return row(layout.job.query, firstToken + i, layout.job.tokens); },
        layout.width, layout.fours, layout.job.scale * kLog2E, Memory::kQueryPitch, shared.queries,
        lane, kWarp);
  }

  __device__ Tile readKeys(int first) const {
    stageTransposed<kKeys>([&](int i) { return row(layout.job.key, first + i, layout.job.keys); },
                           layout.width, layout.fours, 1, Attention::kKeyPitch, shared.keys, lane,
                           kWarp);
    const float* bias = layout.job.keyBias;
    float own = first + lane < layout.keys ? 0.0F : -INFINITY;
    if (bias != nullptr && first + lane < layout.keys)
      own = bias[photo * layout.job.biasPhotoStride + first + lane] * kLog2E;
    shared.bias[lane] = own;
    return {shared.queries, shared.keys, shared.values, shared.bias, shared.weights};
  }

  // The output of a head, and the maxima and sums of its weights.
  __device__ void attend(int of) {
    readQueries(of);
    Attention attention(lane);
    for (int first = 0; first < layout.keys; first += kKeys) {
      const Tile tile = readKeys(first);
      stage<kKeys, kWidth>([&](int i) { return row(layout.job.value, first + i, layout.job.keys); },
                           layout.width, layout.fours, shared.values, lane, kWarp);
      __syncwarp();
      attention.add(tile, layout.width);
      __syncwarp();
    }
    INKLING_UNROLL for (int i = 0; i < kRows; ++i) {
      const int query = attention.query(i);
      const float share = attention.share(i);
      const bool exists = firstToken + query < layout.job.tokens;
      float* output = exists ? at(layout.job.output, photo, firstToken + query) +
                                   std::int64_t{head} * layout.width
                             : nullptr;
      attention.write(i, share, output, layout.width, layout.foursOut);
      if (attention.key(0) != 0) continue;  // one lane for each query
      shared.maximum[head * Memory::kQueries + query] = attention.maximum(i);
      shared.share[head * Memory::kQueries + query] = share;
    }
  }

  // Weights [kQueries, kMapPitch] of the keys from `first` on, in the place of those of attend().
  __device__ void weigh(int of, int first) {
    readQueries(of);
    const Tile tile = readKeys(first);
    __syncwarp();
    const Attention attention(lane);
    typename Attention::Logits weights;
    attention.multiply(tile, layout.width, weights);
    INKLING_UNROLL for (int i = 0; i < kRows; ++i) {
      const int query = attention.query(i);
      const float maximum = shared.maximum[head * Memory::kQueries + query],
                  share = shared.share[head * Memory::kQueries + query];
      for (float& weight : weights[i]) weight = exp2f(weight - maximum) * share;
      writeFour(shared.weights + query * kMapPitch + attention.key(0), weights[i]);
    }
  }

  // Reduces the weights of `count` heads, the first of them number `begin` of those of the map;
  // after the last, writes the map. By `threads` threads, of which this is number `thread`.
  __device__ void reduce(const float* weights, int begin, int count, int first, int thread,
                         int threads) const {
    const bool isMean = layout.job.reduction == MapReduction::kMean;
    for (int cell = thread; cell < Memory::kQueries * kKeys; cell += threads) {
      const int query = cell / kKeys, key = cell % kKeys;
      float value = begin == 0 ? 0 : shared.reduced[cell];  // no weight is less than 0
      for (int i = 0; i < count; ++i) {
        const float weight = weights[i * Memory::kWarpSize + query * kMapPitch + key];
        if (isMean)
          value += weight;
        else
          value = weight > value || weight != weight ? weight : value;  // NaN is greater than all
      }
      if (begin + count < layout.reduced)
        shared.reduced[cell] = value;
      else if (firstToken + query < layout.job.tokens && first + key < layout.keys)
        at(layout.job.map, photo, firstToken + query)[first + key] =
            isMean ? value / static_cast<float>(layout.reduced) : value;
    }
  }
};

template <int kRows, int kWidth>
__global__ void __launch_bounds__(kMostWarps* kWarp) attend(Layout layout) {
  INKLING_SHARED(float, memory);
  const int thread = static_cast<int>(threadIdx.x), threads = static_cast<int>(blockDim.x);
  const int index = thread / kWarp, warps = threads / kWarp, heads = layout.heads;
  const Shared<kRows, kWidth> shared(memory, index, warps, heads);
  const std::int64_t block = blockIdx.x, photo = block / layout.chunks;
  Warp<kRows, kWidth> warp{layout, shared, thread % kWarp, photo,
                           block % layout.chunks * Shared<kRows, kWidth>::kQueries};
  for (int head = index; head < heads; head += warps) warp.attend(head);
  if (layout.job.map.first == nullptr) return;
  __syncthreads();
  if (layout.job.reduction == MapReduction::kOneHead) {
    for (int first = index * kKeys; first < layout.keys; first += warps * kKeys) {
      warp.weigh(layout.firstReduced, first);
      __syncwarp();
      warp.reduce(shared.weights, 0, 1, first, thread % kWarp, kWarp);  // weigh() waits for it
    }
    return;
  }
  for (int first = 0; first < layout.keys; first += kKeys) {
    for (int head = 0; head < heads; head += warps) {
      if (head + index < heads) warp.weigh(head + index, first);
      __syncthreads();
      warp.reduce(shared.firstWeights, head, heads - head < warps ? heads - head : warps, first,
                  thread, threads);
      __syncthreads();
    }
  }
}

/// Of one block.
std::size_t mostSharedMemory() {
#if defined(__CUDACC__)
  int device = 0, bytes = 0;
  require(cudaGetDevice(&device), "sketch attention");
  require(cudaDeviceGetAttribute(&bytes, cudaDevAttrMaxSharedMemoryPerBlockOptin, device),
          "sketch attention");
  return static_cast<std::size_t>(bytes);
#else
  return std::size_t{99} * 1024;  // of the smaller cards
#endif
}

template <int kRows, int kWidth>
void start(Layout layout, int warps, Stream stream) {
  using Memory = Shared<kRows, kWidth>;
  layout.chunks = static_cast<int>(blocksFor(layout.job.tokens, Memory::kQueries));
  constexpr std::size_t kOfWarp = Memory::kWarpSize * sizeof(float);
  const std::size_t ofBlock = Memory::ofBlock(layout.job.heads), most = mostSharedMemory();
  if (ofBlock + kOfWarp > most)
    throw Error("sketch attention: " + std::to_string(layout.heads) + " heads of " +
                std::to_string(layout.width) + " channels take " +
                std::to_string(ofBlock + kOfWarp) +
                " bytes of a multiprocessor's memory; this card has " + std::to_string(most));
  warps = std::min(warps, static_cast<int>((most - ofBlock) / kOfWarp));
  const int rounds = (layout.heads + warps - 1) / warps;
  warps = (layout.heads + rounds - 1) / rounds;  // as many in the last round as before
  launch("sketch attention", attend<kRows, kWidth>,
         dim3(blocksFor(layout.job.photos * layout.chunks, 1)),
         dim3(static_cast<unsigned>(warps * kWarp)),
         ofBlock + static_cast<std::size_t>(warps) * kOfWarp, stream, layout);
}

}  // namespace

void sketchAttention(const SketchAttention& job, Stream stream) {
  constexpr std::int64_t kWidest = 128, kManyBlocks = 256;
  if (job.headWidth > kWidest)
    throw Error("sketch attention: heads of " + std::to_string(job.headWidth) +
                " channels; the card's code has at most " + std::to_string(kWidest));
  Layout layout(job);
  const bool isOneHead = job.reduction == MapReduction::kOneHead;
  if (job.map.first != nullptr && isOneHead && (job.mapHead < 0 || job.mapHead >= job.heads))
    throw Error("sketch attention: a map of head " + std::to_string(job.mapHead) + " of " +
                std::to_string(job.heads));
  layout.reduced = isOneHead ? 1 : layout.heads;
  layout.firstReduced = isOneHead ? static_cast<int>(job.mapHead) : 0;
  const bool isMany = job.photos * ((job.tokens + 31) / 32) >= kManyBlocks;
  const int warps = isMany ? kMostWarps / 2 : kMostWarps;
  if (job.headWidth <= 32)
    isMany ? start<8, 32>(layout, warps, stream) : start<4, 32>(layout, warps, stream);
  else if (job.headWidth <= 64)
    start<4, 64>(layout, warps, stream);
  else
    start<4, 128>(layout, warps, stream);
}

}  // namespace inkling::kernels::cuda
