// core/kernels/letterbox.h on a card. A block has one piece of one row of the frame, all planes. A
// photo that shrinks is read once, side by side: each thread adds up the rows under its four bytes,
// into shared memory; then each thread adds up along the columns under its pixel, for one plane. A
// photo that grows is small, and read where its pixels lie.
#include <algorithm>

#include "core/kernels/cuda/launch.cuh"
#include "core/kernels/cuda/letterbox.h"
#include "core/kernels/half.h"
#include "core/kernels/letterbox_steps.h"

#if defined(__CUDACC__)
#include <cuda_fp16.h>
#endif

namespace inkling::kernels::cuda {
namespace {

constexpr std::uint32_t kPixels = 64;              // of a row of the frame
constexpr unsigned kThreads = 3 * kPixels;         // warps do not mix planes: they write runs
constexpr unsigned kResident = 6;                  // blocks on a multiprocessor
constexpr std::uint32_t kTogether = 8 * kThreads;  // bytes of a row of the photo
constexpr std::size_t kPhotos = 16;                // in one launch, as its parameter

/// A job as kernels get it.
struct LetterboxLayout {
  struct Photo {
    LetterboxSource source;
    bool isAligned = false;
  };
  Photo photo[kPhotos];
  int frameWidth, frameHeight;
  bool bgr;
  float padding;
  float scale[3], offset[3];
};

/// Sums of four neighbouring bytes.
struct alignas(16) Four {
  std::uint32_t of[4];
};

// The rows under bytes byte .. byte+3 of the photo; zeros beyond its width.
__device__ Four addRows(const LetterboxLayout::Photo& photo, const LetterboxSpan& rows,
                        std::uint32_t byte) {
  const LetterboxSource& source = photo.source;
  const std::uint32_t bytes = 3 * source.x.source;
  Four sum{};
  if (photo.isAligned && byte + 4 <= bytes) {
    const std::uint8_t* at = source.pixels + rows.first * source.rowBytes + byte;
    for (std::uint32_t v = rows.first; v <= rows.last; ++v, at += source.rowBytes) {
      const std::uint32_t word = *reinterpret_cast<const std::uint32_t*>(at);
      const std::uint32_t units = rows.units(v);
      for (int i = 0; i < 4; ++i) sum.of[i] += units * (word >> (8 * i) & 255U);
    }
    return sum;
  }
  for (std::uint32_t v = rows.first; v <= rows.last; ++v) {
    const std::uint8_t* line = source.pixels + v * source.rowBytes;
    for (std::uint32_t i = 0; i < 4; ++i)
      if (byte + i < bytes) sum.of[i] += rows.units(v) * line[byte + i];
  }
  return sum;
}

// One channel of pixel `x` of row `y`; all threads of the block together, those right of the
// content too.
__device__ std::uint32_t shrink(const LetterboxLayout::Photo& photo, std::uint32_t x,
                                std::uint32_t y, std::uint32_t channel) {
  INKLING_SHARED(Four, sums);
  const LetterboxSource& source = photo.source;
  const std::uint32_t left = blockIdx.x * kPixels,
                      right = min(left + kPixels, source.x.content) - 1;
  const LetterboxSpan rows(source.y, y), columns(source.x, min(x, right));
  const std::uint32_t begin = 3 * LetterboxSpan(source.x, left).first / 4 * 4,
                      end = 3 * LetterboxSpan(source.x, right).last + 3;
  const auto* summed = reinterpret_cast<const std::uint32_t*>(sums);
  std::uint64_t sum = 0;
  std::uint32_t next = columns.first;
  for (std::uint32_t chunk = begin; chunk < end; chunk += kTogether) {
    const std::uint32_t chunkEnd = min(chunk + kTogether, end);
    for (std::uint32_t i = threadIdx.x; chunk + 4 * i < chunkEnd; i += kThreads)
      sums[i] = addRows(photo, rows, chunk + 4 * i);
    __syncthreads();
    for (; next <= columns.last && 3 * next + channel < chunkEnd; ++next)
      sum += std::uint64_t{columns.units(next)} * summed[3 * next + channel - chunk];
    __syncthreads();
  }
  return letterboxMean(sum, source.total(), source.middleIsUp());
}

__device__ void store(float* to, float value) { *to = value; }
__device__ void store(std::uint16_t* to, float value) {
#if defined(__CUDACC__)
  *to = __half_as_ushort(__float2half_rn(value));
#else
  *to = halfBits(value);
#endif
}

template <typename Number>
__global__ void __launch_bounds__(kThreads, kResident)
    letterboxRow(const LetterboxLayout job, Number* output) {
  const LetterboxLayout::Photo& photo = job.photo[blockIdx.z];
  const LetterboxSource& source = photo.source;
  const std::uint32_t plane = threadIdx.x / kPixels, channel = job.bgr ? 2 - plane : plane,
                      x = blockIdx.x * kPixels + threadIdx.x % kPixels, y = blockIdx.y;
  const bool isContent = x < source.x.content && y < source.y.content;
  float value = job.padding;
  if (source.grows()) {
    if (isContent)
      value = static_cast<float>(
          source.blended(LetterboxPair(source.x, x), LetterboxPair(source.y, y), channel));
  } else if (blockIdx.x * kPixels < source.x.content && y < source.y.content) {  // the whole block
    const std::uint32_t level = shrink(photo, x, y, channel);
    if (isContent) value = static_cast<float>(level);
  }
  if (x >= static_cast<std::uint32_t>(job.frameWidth)) return;
  store(
      output + ((std::int64_t{blockIdx.z} * 3 + plane) * job.frameHeight + y) * job.frameWidth + x,
      fmaf(value, job.scale[plane], job.offset[plane]));
}

LetterboxLayout layoutOf(const Letterboxing& job, std::size_t first, std::size_t count) {
  LetterboxLayout layout{};
  for (std::size_t i = 0; i < count; ++i) {
    const Letterboxing::Photo& photo = job.photos[first + i];
    layout.photo[i] = {
        {photo.pixels,
         photo.rowBytes,
         {photo.width, photo.contentWidth},
         {photo.height, photo.contentHeight}},
        reinterpret_cast<std::uintptr_t>(photo.pixels) % 4 == 0 && photo.rowBytes % 4 == 0};
  }
  layout.frameWidth = job.frameWidth;
  layout.frameHeight = job.frameHeight;
  layout.bgr = job.bgr;
  layout.padding = job.padding;
  std::copy(job.scale.begin(), job.scale.end(), layout.scale);
  std::copy(job.offset.begin(), job.offset.end(), layout.offset);
  return layout;
}

template <typename Number>
void start(const Letterboxing& job, Number* output, Stream stream) {
  const std::int64_t numbers = std::int64_t{3} * job.frameHeight * job.frameWidth;
  for (std::size_t first = 0; first < job.photos.size(); first += kPhotos) {
    const std::size_t count = std::min(kPhotos, job.photos.size() - first);
    launch("letterbox", letterboxRow<Number>,
           dim3(blocksFor(job.frameWidth, kPixels), static_cast<unsigned>(job.frameHeight),
                static_cast<unsigned>(count)),
           dim3(kThreads), kTogether * sizeof(std::uint32_t), stream, layoutOf(job, first, count),
           output + static_cast<std::int64_t>(first) * numbers);
  }
}

}  // namespace

void letterbox(const Letterboxing& job, Stream stream) {
  job.check();
  job.output != nullptr ? start(job, job.output, stream) : start(job, job.halfOutput, stream);
}

}  // namespace inkling::kernels::cuda
