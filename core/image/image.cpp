#include "core/image/image.h"

#include "core/base/error.h"

namespace inkling {

Image::Image(Size size, Rgb fill) : width(size.width), height(size.height) {
  if (width < 0 || height < 0) fail<UsageError>("a picture cannot be {} x {}", width, height);
  const std::size_t pixels = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  rgb.resize(3 * pixels);
  for (std::size_t i = 0; i < pixels; ++i) {
    rgb[3 * i] = fill.r;
    rgb[3 * i + 1] = fill.g;
    rgb[3 * i + 2] = fill.b;
  }
}

}  // namespace inkling
