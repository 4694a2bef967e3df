#include "ui/canvas/edits.h"

#include <QCoreApplication>

namespace inkling {
namespace {

QString tr(const char* text) { return QCoreApplication::translate("SketchEdit", text); }

}  // namespace

DrawStroke::DrawStroke(SketchDocument& document, Stroke stroke)
    : SketchEdit(document, stroke.eraser ? tr("erase") : tr("draw")), stroke_(std::move(stroke)) {}

void DrawStroke::redo() {
  std::vector<Stroke> all = strokes();
  all.push_back(stroke_);
  setStrokes(std::move(all));
}

void DrawStroke::undo() {
  std::vector<Stroke> all = strokes();
  all.pop_back();
  setStrokes(std::move(all));
}

RemoveStrokes::RemoveStrokes(SketchDocument& document, std::vector<std::size_t> indices)
    : SketchEdit(document, tr("erase strokes")), indices_(std::move(indices)) {
  for (const std::size_t index : indices_) removed_.push_back(document.sketch().strokes[index]);
}

void RemoveStrokes::redo() {
  std::vector<Stroke> all = strokes();
  for (auto index = indices_.rbegin(); index != indices_.rend(); ++index)
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(*index));
  setStrokes(std::move(all));
}

void RemoveStrokes::undo() {
  std::vector<Stroke> all = strokes();
  for (std::size_t i = 0; i < indices_.size(); ++i)
    all.insert(all.begin() + static_cast<std::ptrdiff_t>(indices_[i]), removed_[i]);
  setStrokes(std::move(all));
}

ClearDrawing::ClearDrawing(SketchDocument& document)
    : SketchEdit(document, tr("clear")), before_(document.sketch().strokes) {}

void ClearDrawing::redo() { setStrokes({}); }
void ClearDrawing::undo() { setStrokes(before_); }

MirrorDrawing::MirrorDrawing(SketchDocument& document) : SketchEdit(document, tr("mirror")) {}

void MirrorDrawing::redo() {
  std::vector<Stroke> all = strokes();
  for (Stroke& stroke : all) {
    for (float& x : stroke.x) x = static_cast<float>(SketchDocument::kPage) - x;
  }
  setStrokes(std::move(all));
}

ReplaceDrawing::ReplaceDrawing(SketchDocument& document, std::vector<Stroke> strokes,
                               const QString& label)
    : SketchEdit(document, label), before_(document.sketch().strokes), after_(std::move(strokes)) {}

void ReplaceDrawing::redo() { setStrokes(after_); }
void ReplaceDrawing::undo() { setStrokes(before_); }

}  // namespace inkling
