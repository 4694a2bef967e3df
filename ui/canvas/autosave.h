// Keeps a drawing safe: written a few seconds after a change and on leaving, atomically, and read
// back at the next start, whatever ended the program.
//
//   Autosave autosave(document, folder / "drawing.json");
//   autosave.restore();
#pragma once

#include <QObject>
#include <QTimer>
#include <filesystem>

#include "ui/canvas/sketch_document.h"

namespace inkling {

class Autosave : public QObject {
  Q_OBJECT

 public:
  static constexpr int kDelay = 2000;  ///< ms from the first unsaved change to its saving

  /// `document` outlives this. Saves what is unsaved when destroyed.
  Autosave(SketchDocument& document, std::filesystem::path file, QObject* parent = nullptr);
  ~Autosave() override;

  /// Opens the drawing of the last time. False when there is none; a file that cannot be read is
  /// kept aside as "name.broken", told about by failed(), and counts as none.
  bool restore();
  /// Saves now, if something is unsaved.
  void flush();

 Q_SIGNALS:
  void saved();
  /// It could not be saved (or read): the reason. Saving is tried again after the next change.
  void failed(const QString& reason);

 private:
  SketchDocument& document_;
  std::filesystem::path file_;
  QTimer timer_;
  bool unsaved_ = false;
};

}  // namespace inkling
