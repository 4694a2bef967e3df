// What can be done to a drawing, one class an action. Each keeps what it needs to go both ways.
#pragma once

#include <QUndoCommand>
#include <vector>

#include "ui/canvas/sketch_document.h"

namespace inkling {

/// An edit of a document's strokes.
class SketchEdit : public QUndoCommand {
 public:
  SketchEdit(SketchDocument& document, const QString& label)
      : QUndoCommand(label), document_(document) {}

 protected:
  std::vector<Stroke> strokes() const { return document_.sketch().strokes; }
  void setStrokes(std::vector<Stroke> strokes) { document_.setStrokes(std::move(strokes)); }

 private:
  SketchDocument& document_;
};

/// One movement of the pen or of the eraser.
class DrawStroke : public SketchEdit {
 public:
  DrawStroke(SketchDocument& document, Stroke stroke);
  void redo() override;
  void undo() override;

 private:
  Stroke stroke_;
};

/// Strokes that were taken away whole.
class RemoveStrokes : public SketchEdit {
 public:
  /// `indices`: sorted, each once, in range.
  RemoveStrokes(SketchDocument& document, std::vector<std::size_t> indices);
  void redo() override;
  void undo() override;

 private:
  std::vector<std::size_t> indices_;
  std::vector<Stroke> removed_;
};

class ClearDrawing : public SketchEdit {
 public:
  explicit ClearDrawing(SketchDocument& document);
  void redo() override;
  void undo() override;

 private:
  std::vector<Stroke> before_;
};

/// Its own inverse.
class MirrorDrawing : public SketchEdit {
 public:
  explicit MirrorDrawing(SketchDocument& document);
  void redo() override;
  void undo() override { redo(); }
};

/// Another drawing: an import, a paste, a drop.
class ReplaceDrawing : public SketchEdit {
 public:
  ReplaceDrawing(SketchDocument& document, std::vector<Stroke> strokes, const QString& label);
  void redo() override;
  void undo() override;

 private:
  std::vector<Stroke> before_, after_;
};

}  // namespace inkling
