#include "core/sketch/simplify.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/error.h"
#include "core/sketch/line_distance.h"

namespace inkling {
namespace {

double gap(const Stroke& stroke, std::size_t a, std::size_t b) {
  return std::hypot(double{stroke.x[b]} - stroke.x[a], double{stroke.y[b]} - stroke.y[a]);
}

// Appends the point `part` of the way from point a to point b of `from`.
void append(Stroke& to, const Stroke& from, std::size_t a, std::size_t b, double part) {
  const auto mix = [&](const std::vector<float>& values, std::vector<float>& out) {
    if (values.empty()) return;
    out.push_back(static_cast<float>(values[a] + (double{values[b]} - values[a]) * part));
  };
  mix(from.x, to.x);
  mix(from.y, to.y);
  mix(from.t, to.t);
  mix(from.pressure, to.pressure);
}

}  // namespace

Stroke simplify(const Stroke& stroke, double tolerance) {
  if (!(tolerance >= 0)) fail<UsageError>("the tolerance {} is negative", tolerance);
  if (stroke.size() < 3) return stroke;
  std::vector<bool> keep(stroke.size());
  keep.front() = keep.back() = true;
  std::vector<std::pair<std::size_t, std::size_t>> open = {{0, stroke.size() - 1}};
  while (!open.empty()) {
    const auto [a, b] = open.back();
    open.pop_back();
    double farthest = tolerance * tolerance;
    std::size_t at = 0;
    for (std::size_t i = a + 1; i < b; ++i) {
      const double distance = squaredDistance(stroke.x[i], stroke.y[i], stroke.x[a], stroke.y[a],
                                              stroke.x[b], stroke.y[b]);
      if (distance > farthest) {
        farthest = distance;
        at = i;
      }
    }
    if (at == 0) continue;
    keep[at] = true;
    open.emplace_back(a, at);
    open.emplace_back(at, b);
  }
  Stroke result;
  result.eraser = stroke.eraser;
  for (std::size_t i = 0; i < stroke.size(); ++i) {
    if (keep[i]) append(result, stroke, i, i, 0);
  }
  return result;
}

double arcLength(const Stroke& stroke) {
  double length = 0;
  for (std::size_t i = 0; i + 1 < stroke.size(); ++i) length += gap(stroke, i, i + 1);
  return length;
}

Stroke resample(const Stroke& stroke, double spacing) {
  if (!(spacing > 0)) fail<UsageError>("the spacing {} is not positive", spacing);
  Stroke result;
  result.eraser = stroke.eraser;
  if (stroke.x.empty()) return result;
  append(result, stroke, 0, 0, 0);
  const double length = arcLength(stroke);
  if (!(length > 0)) return result;
  // A guard against a spacing that would fill the memory.
  const double wanted = std::min(std::max(1.0, std::round(length / spacing)), 1e7);
  const double step = length / wanted;
  double passed = 0;
  std::size_t made = 1;
  const auto count = static_cast<std::size_t>(wanted);
  for (std::size_t i = 0; i + 1 < stroke.size(); ++i) {
    const double segment = gap(stroke, i, i + 1);
    for (; made < count && made * step <= passed + segment; ++made) {
      if (segment > 0) append(result, stroke, i, i + 1, (made * step - passed) / segment);
    }
    passed += segment;
  }
  append(result, stroke, stroke.size() - 1, stroke.size() - 1, 0);
  return result;
}

}  // namespace inkling
