// The overlap of two boxes, shared by processor and card: the decisions of core/geometry/box.h to
// the last bit, so in double precision, and in the order of operations there.
#pragma once

#include "core/kernels/everywhere.h"

namespace inkling::kernels {

/// A product that is rounded. On its own, a card would rather fuse it with the sum that follows.
INKLING_EVERYWHERE double roundedProduct(double a, double b) {
#if defined(__CUDA_ARCH__)
  return __dmul_rn(a, b);
#else
  return a * b;
#endif
}

/// A box, and its area, 0 when it is empty.
struct OverlapBox {
  double left, top, right, bottom, area;

  OverlapBox() = default;
  INKLING_EVERYWHERE explicit OverlapBox(const float* corners)
      : left(corners[0]), top(corners[1]), area(0) {
    const double width = double{corners[2]} - left, height = double{corners[3]} - top;
    right = left + width;
    bottom = top + height;
    if (width > 0 && height > 0) area = roundedProduct(width, height);
  }
};

/// Intersection over union, 0 .. 1; 0 when either is empty.
INKLING_EVERYWHERE double intersectionOverUnion(const OverlapBox& a, const OverlapBox& b) {
  if (!(a.area > 0 && b.area > 0)) return 0;
  const double width =
                   (b.right < a.right ? b.right : a.right) - (a.left < b.left ? b.left : a.left),
               height =
                   (b.bottom < a.bottom ? b.bottom : a.bottom) - (a.top < b.top ? b.top : a.top);
  if (!(width > 0 && height > 0)) return 0;
  const double common = roundedProduct(width, height);
  if (!(common > 0)) return 0;
  const double share = common / (a.area + b.area - common);
  return share < 1 ? share : 1;
}

}  // namespace inkling::kernels
