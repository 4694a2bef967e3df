// A picture in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/geometry/size.h"

namespace inkling {

struct Rgb {
  std::uint8_t r = 0;
  std::uint8_t g = 0;
  std::uint8_t b = 0;

  friend bool operator==(const Rgb&, const Rgb&) = default;
};

/// Eight bits per channel, interleaved R, G, B, rows from the top, no padding between rows:
/// rgb.size() == 3 * width * height.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;

  Image() = default;
  /// A picture of one colour. Throws UsageError when a side is negative.
  explicit Image(Size size, Rgb fill = {255, 255, 255});

  Size size() const { return {width, height}; }
  bool empty() const { return rgb.empty(); }

  /// The pixel in column x of row y; both must be inside.
  Rgb at(int x, int y) const {
    const std::uint8_t* p = &rgb[offset(x, y)];
    return {p[0], p[1], p[2]};
  }
  void set(int x, int y, Rgb colour) {
    std::uint8_t* p = &rgb[offset(x, y)];
    p[0] = colour.r;
    p[1] = colour.g;
    p[2] = colour.b;
  }

  friend bool operator==(const Image&, const Image&) = default;

 private:
  std::size_t offset(int x, int y) const {
    return 3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                static_cast<std::size_t>(x));
  }
};

}  // namespace inkling
