#include "ui/canvas/edits.h"

#include <QCoreApplication>

namespace inkling {
namespace {

// Commands are no QObjects: their context is written out, here and for lupdate.
QString label(const char* text) { return QCoreApplication::translate("inkling::SketchEdit", text); }

}  // namespace

DrawStroke::DrawStroke(SketchDocument& document, Stroke stroke)
    : SketchEdit(document, label(stroke.eraser ? QT_TRANSLATE_NOOP("inkling::SketchEdit", "erase")
                                               : QT_TRANSLATE_NOOP("inkling::SketchEdit", "draw"))),
      stroke_(std::move(stroke)) {}

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
    : SketchEdit(document, label(QT_TRANSLATE_NOOP("inkling::SketchEdit", "erase strokes"))),
      indices_(std::move(indices)) {
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
    : SketchEdit(document, label(QT_TRANSLATE_NOOP("inkling::SketchEdit", "clear"))),
      before_(document.sketch().strokes) {}

void ClearDrawing::redo() { setStrokes({}); }
void ClearDrawing::undo() { setStrokes(before_); }

MirrorDrawing::MirrorDrawing(SketchDocument& document)
    : SketchEdit(document, label(QT_TRANSLATE_NOOP("inkling::SketchEdit", "mirror"))) {}

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
