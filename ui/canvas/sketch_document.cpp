#include "ui/canvas/sketch_document.h"

#include <algorithm>

#include "ui/canvas/edits.h"

namespace inkling {
namespace {

// Free paper around a drawing that comes from elsewhere, as a share of the page.
constexpr double kMargin = 0.08;

}  // namespace

SketchDocument::SketchDocument(QObject* parent) : QObject(parent) {
  sketch_.width = sketch_.height = kPage;
  history_.setUndoLimit(kHistory);
}

void SketchDocument::addStroke(Stroke stroke) {
  if (stroke.size() > 0) history_.push(new DrawStroke(*this, std::move(stroke)));
}

void SketchDocument::removeStrokes(const std::vector<std::size_t>& indices) {
  std::vector<std::size_t> known = indices;
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  std::erase_if(known, [&](std::size_t index) { return index >= sketch_.strokes.size(); });
  if (!known.empty()) history_.push(new RemoveStrokes(*this, std::move(known)));
}

void SketchDocument::clear() {
  if (!sketch_.strokes.empty()) history_.push(new ClearDrawing(*this));
}

void SketchDocument::mirror() {
  if (!sketch_.strokes.empty()) history_.push(new MirrorDrawing(*this));
}

void SketchDocument::replaceWith(const Sketch& sketch, const QString& label) {
  history_.push(new ReplaceDrawing(*this, fittedStrokes(sketch), label));
}

void SketchDocument::open(const Sketch& sketch) {
  history_.clear();
  setStrokes(fittedStrokes(sketch));
}

void SketchDocument::setStrokes(std::vector<Stroke> strokes) {
  sketch_.strokes = std::move(strokes);
  Q_EMIT changed();
}

std::vector<Stroke> fittedStrokes(const Sketch& sketch) {
  const bool ours = sketch.width == SketchDocument::kPage && sketch.height == SketchDocument::kPage;
  if (ours && sketch.raster.empty()) return sketch.strokes;
  std::vector<Stroke> strokes = inkStrokes(sketch);
  const InkBounds box = boundsOf(strokes);
  const double side = std::max({box.width(), box.height(), 1e-6});
  const double scale = SketchDocument::kPage * (1 - 2 * kMargin) / side;
  const double dx = (SketchDocument::kPage - scale * (box.left + box.right)) / 2;
  const double dy = (SketchDocument::kPage - scale * (box.top + box.bottom)) / 2;
  for (Stroke& stroke : strokes) {
    for (float& x : stroke.x) x = static_cast<float>(x * scale + dx);
    for (float& y : stroke.y) y = static_cast<float>(y * scale + dy);
  }
  return strokes;
}

}  // namespace inkling
