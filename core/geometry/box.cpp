#include "core/geometry/box.h"

#include <algorithm>

namespace inkling {

Box fromCorners(double x0, double y0, double x1, double y1) {
  const auto [left, right] = std::minmax(x0, x1);
  const auto [top, bottom] = std::minmax(y0, y1);
  return {left, top, right - left, bottom - top};
}

Box intersection(const Box& a, const Box& b) {
  if (a.empty() || b.empty()) return {};
  const double left = std::max(a.x, b.x);
  const double top = std::max(a.y, b.y);
  const double width = std::min(a.right(), b.right()) - left;
  const double height = std::min(a.bottom(), b.bottom()) - top;
  return width > 0 && height > 0 ? Box{left, top, width, height} : Box{};
}

double iou(const Box& a, const Box& b) {
  const double common = intersection(a, b).area();
  return common > 0 ? std::min(1.0, common / (a.area() + b.area() - common)) : 0.0;
}

double generalizedIou(const Box& a, const Box& b) {
  const double common = intersection(a, b).area();
  const double together = a.area() + b.area() - common;
  const double width = std::max(a.right(), b.right()) - std::min(a.x, b.x);
  const double height = std::max(a.bottom(), b.bottom()) - std::min(a.y, b.y);
  const double enclosing = Box{0, 0, width, height}.area();
  if (!(enclosing > 0) || !(together > 0)) return 0.0;
  return std::clamp(common / together - (enclosing - together) / enclosing, -1.0, 1.0);
}

Box clip(const Box& box, Size frame) {
  return intersection(box,
                      {0, 0, static_cast<double>(frame.width), static_cast<double>(frame.height)});
}

Box scaledAboutCentre(const Box& box, double factor) {
  const double width = box.width * factor;
  const double height = box.height * factor;
  return {box.x + (box.width - width) / 2, box.y + (box.height - height) / 2, width, height};
}

}  // namespace inkling
