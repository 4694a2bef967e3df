#include "core/training/stroke_augmentation.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/sketch/simplify.h"

namespace inkling {
namespace {

// The larger side of the drawing's box.
double extent(const Sketch& sketch) {
  const InkBounds box = boundsOf(sketch.strokes);
  return std::max({box.width(), box.height(), 1e-6});
}

// A hand that trembles shifts neighbouring points alike: a random walk that is pulled back to zero.
void jitterStroke(Stroke& stroke, double deviation, Random& random) {
  double dx = 0, dy = 0;
  for (std::size_t i = 0; i < stroke.size(); ++i) {
    dx = 0.6 * dx + 0.8 * deviation * random.normal();
    dy = 0.6 * dy + 0.8 * deviation * random.normal();
    stroke.x[i] += static_cast<float>(dx);
    stroke.y[i] += static_cast<float>(dy);
  }
}

void dropShortStroke(Sketch& sketch, Random& random) {
  if (sketch.strokes.size() < 3) return;
  const std::size_t victim = random.below(static_cast<std::uint32_t>(sketch.strokes.size()));
  double longest = 0;
  for (const Stroke& stroke : sketch.strokes) longest = std::max(longest, arcLength(stroke));
  if (arcLength(sketch.strokes[victim]) < 0.5 * longest) {
    sketch.strokes.erase(sketch.strokes.begin() + static_cast<std::ptrdiff_t>(victim));
  }
}

}  // namespace

Sketch augment(const Sketch& sketch, const StrokeAugmentation& options, Random& random) {
  Sketch result = sketch;
  const double angle = random.uniform(-options.rotate, options.rotate) * std::numbers::pi / 180;
  const double shear = random.uniform(-options.shear, options.shear);
  const double stretchX = random.uniform(1 - options.stretch, 1 + options.stretch);
  const double stretchY = random.uniform(1 - options.stretch, 1 + options.stretch);
  const double mirror = random.chance(options.flip) ? -1 : 1;
  const double xx = mirror * stretchX * std::cos(angle), xy = stretchX * (shear - std::sin(angle));
  const double yx = mirror * stretchY * std::sin(angle), yy = stretchY * std::cos(angle);
  const double deviation = extent(sketch) * options.jitter / 100;
  if (random.chance(options.dropStroke)) dropShortStroke(result, random);
  const double tolerance =
      options.simplify > 0 ? extent(sketch) * random.uniform(0, options.simplify) / 100 : 0;
  for (Stroke& stroke : result.strokes) {
    if (tolerance > 0 && stroke.size() > 2) stroke = simplify(stroke, tolerance);
    if (deviation > 0) jitterStroke(stroke, deviation, random);
    for (std::size_t i = 0; i < stroke.size(); ++i) {
      const double x = stroke.x[i], y = stroke.y[i];
      stroke.x[i] = static_cast<float>(xx * x + xy * y);
      stroke.y[i] = static_cast<float>(yx * x + yy * y);
    }
  }
  return result;
}

}  // namespace inkling
