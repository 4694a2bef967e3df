// Pixels of PNG files; the only place of core/sketch that knows OpenCV. Internal to core/sketch.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/sketch/sketch.h"

namespace inkling {

/// Grey and opacity, row by row.
struct GreyPicture {
  int width = 0, height = 0;
  std::vector<std::uint8_t> grey;   ///< 0 black .. 255 white
  std::vector<std::uint8_t> alpha;  ///< 0 clear .. 255 opaque
};

/// Throws InputError naming `name`: not a PNG file, truncated, broken, or of more than 32 million
/// pixels (by its header, before anything is decoded).
GreyPicture decodePng(std::string_view bytes, const std::string& name);

/// Dark ink on white paper.
std::string encodePng(const InkRaster& picture);

}  // namespace inkling
