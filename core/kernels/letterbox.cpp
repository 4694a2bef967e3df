#include "core/kernels/letterbox.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string>

#include "core/kernels/half.h"
#include "core/kernels/letterbox_steps.h"

namespace inkling::kernels {
namespace {

// Inlined into one function per instruction set; the innermost loop becomes its vectors.
#define INKLING_INLINE [[gnu::always_inline]] inline

// A photo's axes, and what its rows share.
struct Prepared {
  LetterboxSource source;
  std::vector<LetterboxSpan> spans;  // of the columns, unless an axis grows
  std::vector<LetterboxPair> pairs;  // of the columns, if one does
  std::vector<std::uint32_t> sums;   // of a row's bytes
  std::vector<std::uint8_t> row;     // of the content, R, G, B

  explicit Prepared(const Letterboxing::Photo& photo)
      : source{photo.pixels,
               photo.rowBytes,
               {photo.width, photo.contentWidth},
               {photo.height, photo.contentHeight}},
        row(3 * static_cast<std::size_t>(photo.contentWidth)) {
    if (!source.grows()) sums.resize(3 * static_cast<std::size_t>(photo.width));
    for (std::uint32_t x = 0; x < source.x.content; ++x) {
      if (source.grows()) {
        pairs.emplace_back(source.x, x);
      } else {
        spans.emplace_back(source.x, x);
      }
    }
  }
};

// Adds up the rows first, all bytes side by side, then along what is left.
INKLING_INLINE void shrinkRow(Prepared& photo, std::uint32_t y) {
  const LetterboxSource& source = photo.source;
  const LetterboxSpan rows(source.y, y);
  std::fill(photo.sums.begin(), photo.sums.end(), 0U);
  std::uint32_t* __restrict sums = photo.sums.data();
  const std::size_t bytes = photo.sums.size();
  for (std::uint32_t v = rows.first; v <= rows.last; ++v) {
    const std::uint8_t* line = source.pixels + v * source.rowBytes;
    const std::uint32_t units = rows.units(v);
    for (std::size_t b = 0; b < bytes; ++b) sums[b] += units * line[b];
  }
  const std::uint64_t total = source.total();
  const bool middleIsUp = source.middleIsUp();
  std::uint8_t* to = photo.row.data();
  for (const LetterboxSpan& columns : photo.spans) {
    std::uint64_t sum[3] = {0, 0, 0};
    for (std::uint32_t u = columns.first; u <= columns.last; ++u) {
      const std::uint64_t units = columns.units(u);
      for (std::size_t c = 0; c < 3; ++c) sum[c] += units * sums[3 * std::size_t{u} + c];
    }
    for (const std::uint64_t each : sum)
      *to++ = static_cast<std::uint8_t>(letterboxMean(each, total, middleIsUp));
  }
}

void growRow(Prepared& photo, std::uint32_t y) {
  const LetterboxPair rows(photo.source.y, y);
  std::uint8_t* to = photo.row.data();
  for (const LetterboxPair& columns : photo.pairs) {
    for (std::uint32_t c = 0; c < 3; ++c)
      *to++ = static_cast<std::uint8_t>(photo.source.blended(columns, rows, c));
  }
}

void assign(float& to, float value) { to = value; }
void assign(std::uint16_t& to, float value) { to = halfBits(value); }

// What each level of each plane becomes, and the padding.
template <typename Number>
struct Levels {
  Number of[3][256];
  Number padding[3];

  explicit Levels(const Letterboxing& job) {
    for (std::size_t p = 0; p < 3; ++p) {
      for (int level = 0; level < 256; ++level)
        assign(of[p][level], std::fma(static_cast<float>(level), job.scale[p], job.offset[p]));
      assign(padding[p], std::fma(job.padding, job.scale[p], job.offset[p]));
    }
  }
};

template <typename Number>
INKLING_INLINE void items(const Letterboxing& job, Number* output, std::int64_t begin,
                          std::int64_t end) {
  const Levels<Number> levels(job);
  const std::int64_t width = job.frameWidth, plane = width * job.frameHeight;
  for (std::int64_t item = begin; item < end;) {
    const std::int64_t number = item / job.frameHeight;
    Prepared photo(job.photos[static_cast<std::size_t>(number)]);
    for (; item < end && item / job.frameHeight == number; ++item) {
      const std::int64_t y = item % job.frameHeight;
      const bool isContent = y < photo.source.y.content;
      const std::int64_t filled = isContent ? photo.source.x.content : 0;
      if (isContent) {
        photo.source.grows() ? growRow(photo, static_cast<std::uint32_t>(y))
                             : shrinkRow(photo, static_cast<std::uint32_t>(y));
      }
      for (std::int64_t p = 0; p < 3; ++p) {
        Number* to = output + (number * 3 + p) * plane + y * width;
        const std::uint8_t* from = photo.row.data() + (job.bgr ? 2 - p : p);
        for (std::int64_t x = 0; x < filled; ++x) to[x] = levels.of[p][from[3 * x]];
        std::fill(to + filled, to + width, levels.padding[p]);
      }
    }
  }
}

INKLING_INLINE void either(const Letterboxing& job, std::int64_t begin, std::int64_t end) {
  job.output != nullptr ? items(job, job.output, begin, end)
                        : items(job, job.halfOutput, begin, end);
}

#if defined(__x86_64__)
[[gnu::target("avx2,fma")]] void avx2(const Letterboxing& job, std::int64_t begin,
                                      std::int64_t end) {
  either(job, begin, end);
}

[[gnu::target("avx512f,avx512dq,avx512vl,fma")]] void avx512(const Letterboxing& job,
                                                             std::int64_t begin, std::int64_t end) {
  either(job, begin, end);
}
#endif

void require(bool condition, const char* otherwise) {
  if (!condition) throw std::invalid_argument(std::string("letterbox: ") + otherwise);
}

}  // namespace

void Letterboxing::normalise(const std::array<float, 3>& mean, const std::array<float, 3>& std) {
  for (std::size_t p = 0; p < 3; ++p) {
    const std::size_t channel = bgr ? 2 - p : p;
    scale[p] = static_cast<float>(1 / (255.0 * std[channel]));
    offset[p] = static_cast<float>(-double{mean[channel]} / std[channel]);
  }
}

void Letterboxing::check() const {
  const auto isSide = [](int pixels) { return pixels > 0 && pixels <= kMostPixels; };
  require(isSide(frameWidth) && isSide(frameHeight), "a side of the frame is out of bounds");
  require((output == nullptr) != (halfOutput == nullptr), "there must be exactly one output");
  for (const Photo& photo : photos) {
    require(photo.pixels != nullptr, "a photo has no pixels");
    require(isSide(photo.width) && isSide(photo.height), "a side of a photo is out of bounds");
    require(photo.contentWidth > 0 && photo.contentHeight > 0 && photo.contentWidth <= frameWidth &&
                photo.contentHeight <= frameHeight,
            "a content does not fit the frame");
  }
}

void letterbox(const Letterboxing& job, std::int64_t begin, std::int64_t end,
               Instructions instructions) {
  job.check();
#if defined(__x86_64__)
  if (instructions == Instructions::kAvx512) return avx512(job, begin, end);
  if (instructions == Instructions::kAvx2) return avx2(job, begin, end);
#endif
  static_cast<void>(instructions);
  either(job, begin, end);
}

}  // namespace inkling::kernels
