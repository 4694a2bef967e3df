// The drawing that a canvas shows and edits: strokes on a square page, with undo and redo.
//
//   SketchDocument document;
//   document.addStroke(stroke);      // every edit is one step of history()
//   document.history()->undo();
//
// Edits are classes of their own, see edits.h. Lives in the window's thread.
#pragma once

#include <QObject>
#include <QUndoStack>
#include <cstddef>
#include <vector>

#include "core/sketch/sketch.h"

namespace inkling {

class SketchDocument : public QObject {
  Q_OBJECT

 public:
  /// Side of the page, in the units of the strokes.
  static constexpr double kPage = 1000;
  /// Steps that can be undone.
  static constexpr int kHistory = 200;

  explicit SketchDocument(QObject* parent = nullptr);

  const Sketch& sketch() const { return sketch_; }
  /// Nothing to look for: no stroke, or all of it erased.
  bool isBlank() const { return !hasInk(sketch_); }
  /// Undo and redo, with a text for each step.
  QUndoStack* history() { return &history_; }

  /// Strokes without a point are left out; eraser strokes cut what was drawn before them.
  void addStroke(Stroke stroke);
  /// Takes whole strokes away; indices out of range and doubles do not matter.
  void removeStrokes(const std::vector<std::size_t>& indices);
  void clear();
  /// Left becomes right, about the middle of the page.
  void mirror();
  /// Another drawing in place of this one, fitted into the page; `label` names the step.
  void replaceWith(const Sketch& sketch, const QString& label);
  /// The same without a step: what was undone before is forgotten.
  void open(const Sketch& sketch);

 Q_SIGNALS:
  /// After every edit, undo and redo.
  void changed();

 private:
  friend class SketchEdit;
  void setStrokes(std::vector<Stroke> strokes);

  Sketch sketch_;
  QUndoStack history_;
};

/// The strokes of any sketch, moved and scaled (aspect kept) into the page with a margin; a picture
/// is traced. Sketches on a square page of kPage stay as they are.
std::vector<Stroke> fittedStrokes(const Sketch& sketch);

}  // namespace inkling
