#include "core/search/region_index_kernels.h"

#include <cstring>

namespace inkling::kernels {
namespace {

// One source for all processors: inlined into functions that are compiled for each of them.
#define INKLING_INLINE inline __attribute__((always_inline))

constexpr std::size_t kLanes = 8;
using Floats __attribute__((vector_size(kLanes * sizeof(float)))) = float;
using Integers __attribute__((vector_size(kLanes * sizeof(float)))) = std::int32_t;

INKLING_INLINE void load(Floats& to, const float* from) { std::memcpy(&to, from, sizeof(to)); }

INKLING_INLINE float dot(const float* a, const float* b, std::size_t width) {
  Floats sum[4] = {}, x, y;
  std::size_t i = 0;
  for (; i + 4 * kLanes <= width; i += 4 * kLanes) {
    for (std::size_t j = 0; j < 4; ++j) {
      load(x, a + i + j * kLanes);
      load(y, b + i + j * kLanes);
      sum[j] += x * y;
    }
  }
  for (; i + kLanes <= width; i += kLanes) {
    load(x, a + i);
    load(y, b + i);
    sum[0] += x * y;
  }
  const Floats all = (sum[0] + sum[1]) + (sum[2] + sum[3]);
  float total = 0;
  for (std::size_t j = 0; j < kLanes; ++j) total += all[j];
  for (; i < width; ++i) total += a[i] * b[i];
  return total;
}

INKLING_INLINE void products(const float* query, const float* rows, std::size_t width,
                             std::size_t count, float* out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = dot(query, rows + i * width, width);
}

INKLING_INLINE float distance(const float* a, const float* b, std::size_t width) {
  Floats sum[2] = {}, x, y;
  std::size_t i = 0;
  for (; i + 2 * kLanes <= width; i += 2 * kLanes) {
    for (std::size_t j = 0; j < 2; ++j) {
      load(x, a + i + j * kLanes);
      load(y, b + i + j * kLanes);
      x -= y;
      sum[j] += x * x;
    }
  }
  const Floats all = sum[0] + sum[1];
  float total = 0;
  for (std::size_t j = 0; j < kLanes; ++j) total += all[j];
  for (; i < width; ++i) total += (a[i] - b[i]) * (a[i] - b[i]);
  return total;
}

INKLING_INLINE std::size_t nearest(const float* vector, const float* table, std::size_t width,
                                   std::size_t columns, float& least) {
  Floats best[2], value;
  Integers bestAt[2] = {};
  for (std::size_t column = 0; column < columns; column += 2 * kLanes) {
    Floats sum[2] = {};
    for (std::size_t i = 0; i < width; ++i) {
      for (std::size_t j = 0; j < 2; ++j) {
        load(value, table + i * columns + column + j * kLanes);
        value -= vector[i];
        sum[j] += value * value;
      }
    }
    for (std::size_t j = 0; j < 2; ++j) {
      const Integers closer = column == 0 ? Integers{} - 1 : Integers(sum[j] < best[j]);
      best[j] = closer ? sum[j] : best[j];
      bestAt[j] = closer ? Integers{} + static_cast<std::int32_t>(column + j * kLanes) : bestAt[j];
    }
  }
  std::size_t at = columns;
  for (std::size_t j = 0; j < 2; ++j) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::size_t here = static_cast<std::size_t>(bestAt[j][lane]) + lane;
      const bool closer = at == columns || best[j][lane] < least;
      if (closer || (best[j][lane] == least && here < at)) {
        least = best[j][lane];
        at = here;
      }
    }
  }
  return at;
}

struct Table {
  decltype(&innerProducts) products;
  decltype(&squaredDistance) distance;
  decltype(&nearestColumn) nearest;
};

#define INKLING_KERNELS(name, attribute)                                                      \
  namespace name {                                                                            \
  attribute void products(const float* q, const float* r, std::size_t w, std::size_t c,       \
                          float* o) {                                                         \
    kernels::products(q, r, w, c, o);                                                         \
  }                                                                                           \
  attribute float distance(const float* a, const float* b, std::size_t w) {                   \
    return kernels::distance(a, b, w);                                                        \
  }                                                                                           \
  attribute std::size_t nearest(const float* v, const float* t, std::size_t w, std::size_t c, \
                                float& d) {                                                   \
    return kernels::nearest(v, t, w, c, d);                                                   \
  }                                                                                           \
  constexpr Table kTable{&products, &distance, &nearest};                                     \
  }

INKLING_KERNELS(plain, )
#if defined(__x86_64__)
INKLING_KERNELS(avx2, __attribute__((target("avx2,fma"))))
#endif

const Table& table() {
#if defined(__x86_64__)
  static const bool kAvx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (kAvx2) return avx2::kTable;
#endif
  return plain::kTable;
}

}  // namespace

void innerProducts(const float* query, const float* rows, std::size_t width, std::size_t count,
                   float* out) {
  table().products(query, rows, width, count, out);
}

float squaredDistance(const float* a, const float* b, std::size_t width) {
  return table().distance(a, b, width);
}

std::size_t nearestColumn(const float* vector, const float* columns, std::size_t width,
                          std::size_t count, float& distance) {
  return table().nearest(vector, columns, width, count, distance);
}

}  // namespace inkling::kernels
