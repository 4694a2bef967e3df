// The transform attribute of SVG. Internal to core/sketch.
#pragma once

#include <string_view>

namespace inkling {

/// x' = a x + c y + e, y' = b x + d y + f.
struct SvgMatrix {
  double a = 1, b = 0, c = 0, d = 1, e = 0, f = 0;

  /// First `inner`, then this.
  SvgMatrix after(const SvgMatrix& inner) const;
};

/// "translate(10 20) rotate(45)" and so on: translate, scale, rotate, matrix, skewX, skewY. Throws
/// InputError (without a file name) for anything else.
SvgMatrix parseSvgTransform(std::string_view text);

}  // namespace inkling
