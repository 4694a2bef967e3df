// What the attention kernels of this folder share: one warp's attention of a few queries to a tile
// of keys and values that lie in shared memory, and how they get there.
//
// A warp is 4 x 8 lanes. A lane has kRows queries times kColumns keys of the logits, and the same
// queries times kWidth / 8 channels of the output, all in registers, so every number that it reads
// from shared memory, four at a time, meets four or eight others. Queries and keys lie channel by
// channel there: any head width works without padding, and a read is a run of 16 bytes.
//
// Shared memory gives 128 bytes a clock: a read of 16 bytes by 32 lanes takes two clocks where
// lanes that differ in bit 0, or those that differ in bit 1, all want the same. So bit 0 of a lane
// belongs to its row and bit 1 to its column. For keys 8 rows x 8 columns are 4 reads (8 clocks)
// for 64 multiply-adds (16 clocks of a multiprocessor): bound by arithmetic.
//
// The pitches (row lengths) of shared arrays are 4 modulo 16 where a warp writes columns of 16 rows
// and two runs of channels (stageTransposed), and 8 modulo 16 where it writes weights; both ways
// all its lanes meet different banks.
#pragma once

#include <cstdint>

#include "core/kernels/cuda/bilinear.cuh"
#include "core/kernels/cuda/launch.cuh"

#if defined(__CUDACC__)
#define INKLING_UNROLL _Pragma("unroll")
#else
#define INKLING_UNROLL
#endif

namespace inkling::kernels::cuda {

constexpr float kLog2E = 1.44269504F;  // logits are kept in powers of two: exp2f is one instruction
constexpr float kLowest = -3.402823466e38F;

/// Numbers of tokens, and whether those of a head can be read four at a time.
struct Matrix {
  const float* first = nullptr;
  std::int64_t tokenStride = 0, photoStride = 0;
  bool isInFours(std::int64_t headWidth) const {
    return headWidth % 4 == 0 && tokenStride % 4 == 0 && photoStride % 4 == 0 && isAligned(first);
  }
};

/// The channels channel .. channel + 3 of a token's head; zeros beyond it, and for null.
__device__ inline float4 readFour(const float* token, int channel, int width, bool fours) {
  float4 x = make_float4(0, 0, 0, 0);
  if (token == nullptr) return x;
  if (fours) return __ldg(reinterpret_cast<const float4*>(token + channel));
  x.x = __ldg(token + channel);
  if (channel + 1 < width) x.y = __ldg(token + channel + 1);
  if (channel + 2 < width) x.z = __ldg(token + channel + 2);
  if (channel + 3 < width) x.w = __ldg(token + channel + 3);
  return x;
}

/// to[c * pitch + i] = factor * token(i)[c] for i < kCount, by all `threads` (whole warps).
template <int kCount, typename Token>
__device__ void stageTransposed(const Token& token, int width, bool fours, float factor, int pitch,
                                float* to, int thread, int threads) {
  const int quads = (width + 3) / 4;
  for (int i = thread; i < (quads + quads % 2) * kCount; i += threads) {
    const int row = i % 16 + i / 32 % (kCount / 16) * 16;
    const int quad = i / 16 % 2 + i / (2 * kCount) * 2;
    if (quad >= quads) continue;
    const float4 x = readFour(token(row), 4 * quad, width, fours);
    float* column = to + 4 * quad * pitch + row;
    column[0] = factor * x.x;
    column[pitch] = factor * x.y;
    column[2 * pitch] = factor * x.z;
    column[3 * pitch] = factor * x.w;
  }
}

/// to[i * kWidth + c] = token(i)[c] for i < kCount, by all `threads`.
template <int kCount, int kWidth, typename Token>
__device__ void stage(const Token& token, int width, bool fours, float* to, int thread,
                      int threads) {
  for (int i = thread; i < kCount * kWidth / 4; i += threads) {
    const int row = i / (kWidth / 4), channel = i % (kWidth / 4) * 4;
    if (channel >= width) continue;
    *reinterpret_cast<float4*>(to + row * kWidth + channel) =
        readFour(token(row), channel, width, fours);
  }
}

__device__ inline void readTo(float* four, const float* from) {
  const float4 x = *reinterpret_cast<const float4*>(from);
  four[0] = x.x;
  four[1] = x.y;
  four[2] = x.z;
  four[3] = x.w;
}
__device__ inline void writeFour(float* to, const float* four) {
  *reinterpret_cast<float4*>(to) = make_float4(four[0], four[1], four[2], four[3]);
}

/// A tile in shared memory, from a warp's first query on.
struct Tile {
  const float* queries;  ///< [width, query pitch], times scale times kLog2E
  const float* keys;     ///< [width, kKeys + 4]
  const float* values;   ///< [kKeys, kWidth]
  const float* bias;     ///< [kKeys], times kLog2E; -infinity hides a key
  float* weights;        ///< [32, weight pitch], of this warp alone
};

/// Online softmax of a warp's queries (see above).
template <int kRows, int kColumns, int kWidth, int kQueryPitch, int kWeightPitch>
class WarpAttention {
 public:
  static constexpr int kQueries = 4 * kRows, kKeys = 8 * kColumns, kKeyPitch = kKeys + 4;
  using Logits = float[kRows][kColumns];

  __device__ explicit WarpAttention(int lane)
      : row_((lane & 1) | (lane >> 2 & 2)), column_((lane >> 1 & 3) | (lane >> 2 & 4)) {
    INKLING_UNROLL for (int i = 0; i < kRows; ++i) {
      maximum_[i] = kLowest;  // not -infinity, whose difference from itself is NaN
      sum_[i] = 0;
      INKLING_UNROLL for (int c = 0; c < kChannels; ++c) mixed_[i][c] = 0;
    }
  }

  /// Numbers within the warp's queries, and the tile's keys, of this lane's registers.
  __device__ int query(int i) const { return i / 4 * 16 + row_ * 4 + i % 4; }
  __device__ int key(int j) const { return j / 4 * 32 + column_ * 4 + j % 4; }

  __device__ void multiply(const Tile& tile, int width, Logits& logits) const {
    INKLING_UNROLL for (int j = 0; j < kColumns; ++j) {
      const float bias = tile.bias[key(j)];
      INKLING_UNROLL for (int i = 0; i < kRows; ++i) logits[i][j] = bias;
    }
    for (int c = 0; c < width; ++c) {
      float q[kRows], k[kColumns];
      INKLING_UNROLL for (int i = 0; i < kRows; i += 4)
          readTo(q + i, tile.queries + c * kQueryPitch + query(i));
      INKLING_UNROLL for (int j = 0; j < kColumns; j += 4)
          readTo(k + j, tile.keys + c * kKeyPitch + key(j));
      INKLING_UNROLL for (int i = 0; i < kRows; ++i)
          INKLING_UNROLL for (int j = 0; j < kColumns; ++j) logits[i][j] += q[i] * k[j];
    }
  }

  /// Takes a tile in. The warp's lanes must meet at a barrier before the tile changes.
  __device__ void add(const Tile& tile, int width) {
    Logits weights;
    multiply(tile, width, weights);
    INKLING_UNROLL for (int i = 0; i < kRows; ++i) soften(i, weights[i]);
    INKLING_UNROLL for (int first = 0; first < kColumns; first += 4) {
      if (first > 0) __syncwarp();
      INKLING_UNROLL for (int j = 0; j < 4; ++j) {
        INKLING_UNROLL for (int i = 0; i < kRows; i += 4) {
          const float four[4] = {weights[i][first + j], weights[i + 1][first + j],
                                 weights[i + 2][first + j], weights[i + 3][first + j]};
          // Not in the order of keys: neighbouring columns would meet the same banks.
          writeFour(tile.weights + (j * 8 + column_) * kWeightPitch + query(i), four);
        }
      }
      __syncwarp();
      mix(tile.weights, tile.values + first / 4 * 32 * kWidth);
    }
  }

  /// The maximum of a query's logits, in powers of two.
  __device__ float maximum(int i) const { return maximum_[i]; }
  /// What makes its weights add up to one; for all lanes of the warp.
  __device__ float share(int i) const { return 1 / overColumns<false>(sum_[i]); }

  /// Writes the channels of query i to `output`, or nothing if it is null.
  __device__ void write(int i, float share, float* output, int width, bool fours) const {
    if (output == nullptr) return;
    INKLING_UNROLL for (int c = 0; c < kChannels; c += 4) {
      const int channel = c / 4 * 32 + column_ * 4;
      float four[4];
      INKLING_UNROLL for (int n = 0; n < 4; ++n) four[n] = mixed_[i][c + n] * share;
      if (fours && channel < width) writeFour(output + channel, four);
      INKLING_UNROLL for (int n = 0; n < 4; ++n) if (!fours && channel + n < width)
          output[channel + n] = four[n];
    }
  }

 private:
  static constexpr int kChannels = kWidth / 8;

  /// The sum, or the maximum, of the eight lanes that have the same queries.
  template <bool kMaximum>
  __device__ static float overColumns(float x) {
    INKLING_UNROLL for (const int bit : {2, 4, 16}) {
      const float other = __shfl_xor_sync(0xffffffffU, x, bit);
      x = kMaximum ? fmaxf(x, other) : x + other;
    }
    return x;
  }

  /// Logits of query i become weights under a maximum that has grown.
  __device__ void soften(int i, float (&logits)[kColumns]) {
    float highest = maximum_[i];
    INKLING_UNROLL for (int j = 0; j < kColumns; ++j) highest = fmaxf(highest, logits[j]);
    highest = overColumns<true>(highest);
    const float keep = exp2f(maximum_[i] - highest);
    maximum_[i] = highest;
    sum_[i] *= keep;
    INKLING_UNROLL for (int c = 0; c < kChannels; ++c) mixed_[i][c] *= keep;
    INKLING_UNROLL for (int j = 0; j < kColumns; ++j) {
      logits[j] = exp2f(logits[j] - highest);
      sum_[i] += logits[j];
    }
  }

  /// Adds 32 values times the weights that the lanes of the warp have written.
  __device__ void mix(const float* weights, const float* values) {
    for (int j = 0; j < 4; ++j) {
      INKLING_UNROLL for (int n = 0; n < 8; ++n) {
        float w[kRows], v[kChannels];
        INKLING_UNROLL for (int i = 0; i < kRows; i += 4)
            readTo(w + i, weights + (j * 8 + n) * kWeightPitch + query(i));
        INKLING_UNROLL for (int c = 0; c < kChannels; c += 4)
            readTo(v + c, values + (n * 4 + j) * kWidth + c / 4 * 32 + column_ * 4);
        INKLING_UNROLL for (int i = 0; i < kRows; ++i)
            INKLING_UNROLL for (int c = 0; c < kChannels; ++c) mixed_[i][c] += w[i] * v[c];
      }
    }
  }

  int row_, column_;
  float maximum_[kRows], sum_[kRows];  // the sum is of this lane's keys
  float mixed_[kRows][kChannels];
};

}  // namespace inkling::kernels::cuda
