// What the attention kernels of the processor share: vectors of queries that walk along keys and
// values together, one query in each lane. For sources of this folder that compile one function
// per instruction set: everything is inlined into it, and it decides what a vector becomes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

#define INKLING_INLINE [[gnu::always_inline]] inline

namespace inkling::kernels {

template <int kLanes>
struct Vector {
  typedef float Floats __attribute__((vector_size(4 * kLanes)));
  typedef float Loose __attribute__((vector_size(4 * kLanes), aligned(4)));  // anywhere in memory
  typedef std::int32_t Ints __attribute__((vector_size(4 * kLanes)));
};

constexpr std::int64_t kTogether = 8;  // keys or channels at a time, each a sum in a register

/// Memory of `count` numbers for vectors. Throws std::bad_alloc.
class VectorMemory {
 public:
  explicit VectorMemory(std::int64_t count) {
    constexpr std::size_t kAlignment = 64;
    const std::size_t bytes = static_cast<std::size_t>(count) * sizeof(float) + kAlignment;
    memory_.reset(
        static_cast<float*>(std::aligned_alloc(kAlignment, bytes / kAlignment * kAlignment)));
    if (!memory_) throw std::bad_alloc();
  }
  float* get() const { return memory_.get(); }

 private:
  struct Free {
    void operator()(float* memory) const { std::free(memory); }
  };
  std::unique_ptr<float, Free> memory_;
};

/// Rows of a matrix, one after another.
struct Rows {
  const float* first;
  std::int64_t stride;
  INKLING_INLINE const float* operator[](std::int64_t row) const { return first + row * stride; }
};
/// Rows picked by number.
struct GatheredRows {
  const float* first;
  std::int64_t stride;
  const std::int64_t* places;
  INKLING_INLINE const float* operator[](std::int64_t row) const {
    return first + places[row] * stride;
  }
};

/// e^x for x <= 0, to two units in the last place: 2^n e^r with |r| <= ln(2) / 2, e^r by the
/// polynomial of the Cephes library. Below -87 it stays at e^-87.
template <int kLanes>
INKLING_INLINE void exponential(typename Vector<kLanes>::Floats& x) {
  using Floats = typename Vector<kLanes>::Floats;
  using Ints = typename Vector<kLanes>::Ints;
  const Floats least = Floats{} - 87.0F;
  x = x < least ? least : x;  // this way round NaN stays NaN
  const Ints n = __builtin_convertvector(x * 1.44269504F - 0.5F, Ints);
  const Floats whole = __builtin_convertvector(n, Floats);
  const Floats r = x - whole * 0.693359375F + whole * 2.12194440e-4F;
  Floats y = r * 1.9875691500e-4F + 1.3981999507e-3F;
  y = y * r + 8.3334519073e-3F;
  y = y * r + 4.1665795894e-2F;
  y = y * r + 1.6666665459e-1F;
  y = y * r + 5.0000001201e-1F;
  y = y * r * r + r + 1.0F;
  x = y * (Floats)((n + 127) << 23);
}

/// logits[j] = queries . key j, for `count` keys; rows up to the next multiple of eight are
/// written. Queries [width, lanes], logits [count, lanes].
template <int kLanes, typename Keys>
INKLING_INLINE void products(const Keys& keys, std::int64_t count, std::int64_t width,
                             const float* queries, float* logits) {
  using Floats = typename Vector<kLanes>::Floats;
  const auto* q = reinterpret_cast<const Floats*>(queries);
  auto* out = reinterpret_cast<Floats*>(logits);
  for (std::int64_t j = 0; j < count; j += kTogether) {
    const float* key[kTogether];
    Floats sum[kTogether];
    for (std::int64_t i = 0; i < kTogether; ++i) {
      key[i] = keys[std::min(j + i, count - 1)];
      sum[i] = Floats{};
    }
    for (std::int64_t c = 0; c < width; ++c) {
      const Floats query = q[c];
#pragma GCC unroll 8
      for (std::int64_t i = 0; i < kTogether; ++i) sum[i] += query * key[i][c];
    }
    for (std::int64_t i = 0; i < kTogether; ++i) out[j + i] = sum[i];
  }
}

/// mixed[c] = mixed[c] * keep + sum over j of weights[j] * value j [c]. Weights [count, lanes],
/// mixed [width, lanes].
template <int kLanes, typename Values>
INKLING_INLINE void mix(const Values& values, std::int64_t count, std::int64_t width,
                        const float* weights, const typename Vector<kLanes>::Floats& keep,
                        float* mixed) {
  using Floats = typename Vector<kLanes>::Floats;
  const auto* weight = reinterpret_cast<const Floats*>(weights);
  auto* out = reinterpret_cast<Floats*>(mixed);
  std::int64_t c = 0;
  for (; c + kTogether <= width; c += kTogether) {
    Floats sum[kTogether];
    for (std::int64_t i = 0; i < kTogether; ++i) sum[i] = out[c + i] * keep;
    for (std::int64_t j = 0; j < count; ++j) {
      const float* value = values[j] + c;
      const Floats w = weight[j];
#pragma GCC unroll 8
      for (std::int64_t i = 0; i < kTogether; ++i) sum[i] += w * value[i];
    }
    for (std::int64_t i = 0; i < kTogether; ++i) out[c + i] = sum[i];
  }
  for (; c < width; ++c) {
    Floats sum = out[c] * keep;
    for (std::int64_t j = 0; j < count; ++j) sum += weight[j] * values[j][c];
    out[c] = sum;
  }
}

}  // namespace inkling::kernels
