// Keeps work safe: written a few seconds after a change and on leaving, atomically, and read back
// at the next start, whatever ended the program.
//
//   Autosave autosave(folder / "drawing.json",
//                     {.write = [&] { return toJson(document.sketch()); },
//                      .read = [&](const std::string& text) { ...; return true; }});
//   connect(&document, &SketchDocument::changed, &autosave, &Autosave::noteChange);
//   autosave.restore();
#pragma once

#include <QObject>
#include <QTimer>
#include <filesystem>
#include <functional>
#include <string>

namespace inkling {

/// How the work becomes text and comes back from it.
struct AutosaveContent {
  std::function<std::string()> write;
  /// Throws Error for text that is not such work. Returns whether there was anything in it.
  std::function<bool(const std::string&)> read;
};

class Autosave : public QObject {
  Q_OBJECT

 public:
  static constexpr int kDelay = 2000;  ///< ms from the first unsaved change to its saving

  Autosave(std::filesystem::path file, AutosaveContent content, QObject* parent = nullptr);
  /// Saves what is unsaved.
  ~Autosave() override;

  /// Brings back the work of the last time. False when there is none; a file that cannot be read is
  /// kept aside as "name.broken", told about by failed(), and counts as none.
  bool restore();
  /// There is something to save.
  void noteChange();
  /// Saves now, if something is unsaved. False when that is not possible.
  bool flush();

 Q_SIGNALS:
  void saved();
  /// It could not be saved (or read): the reason. Saving is tried again after the next change.
  void failed(const QString& reason);

 private:
  std::filesystem::path file_;
  AutosaveContent content_;
  QTimer timer_;
  bool unsaved_ = false;
};

}  // namespace inkling
