// The arithmetic of core/kernels/letterbox.h, shared by processor and card, so that they agree to
// the bit. Whole numbers only: along an axis that shrinks from `source` to `shrunk` pixels, with g
// their greatest common divisor, a pixel of the photo is shrunk / g units long and one of the
// result source / g.
#pragma once

#include <cstdint>
#include <numeric>

#include "core/kernels/everywhere.h"

namespace inkling::kernels {

/// One axis of a photo: it shrinks or it grows. Where it grows, `shrunk` is `source`.
struct LetterboxAxis {
  std::uint32_t source = 1, shrunk = 1, content = 1;
  std::uint32_t whole = 1, total = 1;  ///< units of a pixel of the photo, and of the shrunk photo

  LetterboxAxis() = default;
  LetterboxAxis(int sourcePixels, int contentPixels)
      : source(static_cast<std::uint32_t>(sourcePixels)),
        shrunk(sourcePixels < contentPixels ? source : static_cast<std::uint32_t>(contentPixels)),
        content(static_cast<std::uint32_t>(contentPixels)) {
    const std::uint32_t common = std::gcd(source, shrunk);
    whole = shrunk / common;
    total = source / common;
  }
  INKLING_EVERYWHERE bool grows() const { return shrunk < content; }
  INKLING_EVERYWHERE bool shrinks() const { return shrunk < source; }
};

/// The pixels of the photo, `first` to `last`, that a pixel of the shrunk photo covers, and for how
/// many units.
struct LetterboxSpan {
  std::uint32_t first = 0, last = 0, firstUnits = 1, lastUnits = 1, whole = 1;

  LetterboxSpan() = default;
  // No product is over shrunk * total <= 65535^2 < 2^32.
  INKLING_EVERYWHERE LetterboxSpan(const LetterboxAxis& axis, std::uint32_t pixel)
      : whole(axis.whole) {
    const std::uint32_t begin = pixel * axis.total, end = begin + axis.total;
    first = begin / whole;
    last = (end - 1) / whole;
    firstUnits = (first + 1) * whole - begin;
    lastUnits = end - last * whole;
  }
  INKLING_EVERYWHERE std::uint32_t units(std::uint32_t pixel) const {
    return pixel == first ? firstUnits : pixel == last ? lastUnits : whole;
  }
};

/// The two pixels of the shrunk photo between which the middle of a pixel of the frame lies, and
/// the share of the second, of kLetterboxOne. The same pixel twice at the edge.
struct LetterboxPair {
  std::uint32_t first = 0, second = 0, share = 0;

  LetterboxPair() = default;
  INKLING_EVERYWHERE LetterboxPair(const LetterboxAxis& axis, std::uint32_t pixel);
};
constexpr std::uint32_t kLetterboxOne = 2048;

// The middle of pixel i lies (i + 1/2) shrunk / content - 1/2 right of the middle of pixel 0 of the
// shrunk photo. Counted from one pixel before that, and divided in two steps, so that nothing is
// negative or over 2^32.
INKLING_EVERYWHERE LetterboxPair::LetterboxPair(const LetterboxAxis& axis, std::uint32_t pixel) {
  const std::uint32_t unit = 2 * axis.content;
  const std::uint32_t rest = 2 * (pixel * axis.shrunk % axis.content) + axis.shrunk + axis.content;
  const std::uint32_t next = pixel * axis.shrunk / axis.content + rest / unit;
  share = (rest % unit * kLetterboxOne + axis.content) / unit;
  first = next == 0 ? 0 : next - 1;
  second = next < axis.shrunk ? next : axis.shrunk - 1;
}

/// sum / total, at most 255, to the nearest whole number; when two are equally near, the upper or
/// the even one.
INKLING_EVERYWHERE std::uint32_t letterboxMean(std::uint64_t sum, std::uint64_t total,
                                               bool middleIsUp) {
  // A division in single precision is at most one off, a card's quick one too; the rest tells.
#if defined(__CUDA_ARCH__)
  const float about = __fdividef(static_cast<float>(sum), static_cast<float>(total));
#else
  const float about = static_cast<float>(sum) / static_cast<float>(total);
#endif
  const auto near = static_cast<std::uint32_t>(about + 0.5F);
  const auto whole = static_cast<std::int64_t>(total);
  const std::int64_t twice = 2 * (static_cast<std::int64_t>(sum) - near * whole);
  const bool leavesMiddle = middleIsUp || near % 2 == 1;
  if (twice > whole || (twice == whole && leavesMiddle)) return near + 1;
  if (twice < -whole || (twice == -whole && !middleIsUp && near % 2 == 1)) return near - 1;
  return near;
}

/// A photo and how it becomes its content.
struct LetterboxSource {
  const std::uint8_t* pixels = nullptr;
  std::int64_t rowBytes = 0;
  LetterboxAxis x, y;

  INKLING_EVERYWHERE bool grows() const { return x.grows() || y.grows(); }
  INKLING_EVERYWHERE bool middleIsUp() const {
    return x.source == 2 * x.shrunk && y.source == 2 * y.shrunk;
  }
  INKLING_EVERYWHERE std::uint64_t total() const { return std::uint64_t{x.total} * y.total; }

  /// One channel of a pixel of the shrunk photo.
  INKLING_EVERYWHERE std::uint32_t shrunk(std::uint32_t column, std::uint32_t row,
                                          std::uint32_t channel) const {
    if (!x.shrinks() && !y.shrinks()) return pixels[row * rowBytes + 3 * column + channel];
    const LetterboxSpan columns(x, column), rows(y, row);
    std::uint64_t sum = 0;
    for (std::uint32_t v = rows.first; v <= rows.last; ++v) {
      const std::uint8_t* line = pixels + v * rowBytes + channel;
      std::uint32_t along = 0;
      for (std::uint32_t u = columns.first; u <= columns.last; ++u)
        along += columns.units(u) * line[3 * u];
      sum += std::uint64_t{rows.units(v)} * along;
    }
    return letterboxMean(sum, total(), middleIsUp());
  }

  /// One channel of a pixel of the content, at the middles of `columns` and `rows`.
  INKLING_EVERYWHERE std::uint32_t blended(const LetterboxPair& columns, const LetterboxPair& rows,
                                           std::uint32_t channel) const {
    const std::uint32_t left = kLetterboxOne - columns.share, top = kLetterboxOne - rows.share;
    const std::uint32_t upper = left * shrunk(columns.first, rows.first, channel) +
                                columns.share * shrunk(columns.second, rows.first, channel),
                        lower = left * shrunk(columns.first, rows.second, channel) +
                                columns.share * shrunk(columns.second, rows.second, channel);
    // Bits are dropped where OpenCV drops them; exact rounding would differ in one of eight pixels.
    return ((top * (upper >> 4) >> 16) + (rows.share * (lower >> 4) >> 16) + 2) >> 2;
  }
};

}  // namespace inkling::kernels
