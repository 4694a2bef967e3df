// The inner loops of the region index, for the vector units of the processor at hand (AVX2 with FMA
// where there is that; Debian's FAISS is built for any x86-64 and sums one value at a time).
// Internal to core/search/region_index*.
#pragma once

#include <cstddef>
#include <cstdint>

namespace inkling::kernels {

/// out[i] = inner product of `query` with row i of `rows`; rows of `width` floats.
void innerProducts(const float* query, const float* rows, std::size_t width, std::size_t count,
                   float* out);

float squaredDistance(const float* a, const float* b, std::size_t width);

/// The column of `table` (width rows of `columns` floats, `columns` a multiple of 16) that is
/// nearest to `vector` by squared distance: the first of equals. Tells the distance, too.
std::size_t nearestColumn(const float* vector, const float* table, std::size_t width,
                          std::size_t columns, float& distance);

}  // namespace inkling::kernels
