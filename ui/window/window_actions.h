// Everything the window can be told to do, in one table: the menus, the buttons, the shortcuts and
// the dialog that edits them all come from it.
//
//   WindowActions actions(window);
//   connect(actions[Act::kOpenFolder], &QAction::triggered, ...);
//   actions.setShortcut(Act::kPen, QKeySequence("B"));
#pragma once

#include <QAction>
#include <QKeySequence>
#include <QMap>
#include <QObject>
#include <QVariantMap>
#include <vector>

namespace inkling {

/// In the order of the table.
enum class Act {
  // File
  kOpenFolder,
  kOpenPhotos,
  kOpenSamples,
  kImportSketch,
  kSaveSketch,
  kExportDetections,
  kExportTable,
  kExportJson,
  kExportPictures,
  kChooseModel,
  kCacheLimit,
  kQuit,
  // Edit
  kUndo,
  kRedo,
  kCopySketch,
  kPasteSketch,
  kClear,
  kMirror,
  kShortcuts,
  // Drawing
  kPen,
  kEraser,
  kStrokeEraser,
  kHand,
  kTrace,
  kResetCanvas,
  kNewSketch,
  kDuplicateSketch,
  kRemoveSketch,
  kRestoreSketch,
  kSketchUp,
  kSketchDown,
  kSketchOnOff,
  kSketchNot,
  kKeepSketch,
  kLibrary,
  // Search
  kSortByScore,
  kSortByName,
  kMatchesOnly,
  kPauseSearch,
  kCancelSearch,
  // View
  kZoomIn,
  kZoomOut,
  kZoomFit,
  kZoomActual,
  kBoxes,
  kAttention,
  kSplit,
  kNextBox,
  kPreviousBox,
  kNextPhoto,
  kPreviousPhoto,
  kCopyPicture,
  kSavePicture,
  kJobs,
  kFullScreen,
  kThemeSystem,
  kThemeLight,
  kThemeDark,
  kLanguageSystem,
  kLanguageEnglish,
  kLanguageChinese,
  // Help
  kWelcome,
  kAbout,
  kCount,
};

class WindowActions : public QObject {
  Q_OBJECT

 public:
  /// `owner` gets the actions, so that their shortcuts work in its window.
  explicit WindowActions(QWidget* owner);

  QAction* operator[](Act act) const { return actions_[static_cast<std::size_t>(act)]; }
  /// The text without the mark of its key.
  QString name(Act act) const;
  /// Of the menu it stands in.
  QString menuName(Act act) const;
  QString plainMenuName(Act act) const;  ///< without the mark of its key

  QKeySequence defaultShortcut(Act act) const;
  void setShortcut(Act act, const QKeySequence& keys);
  /// Another action with the same shortcut; kCount: none.
  Act conflict(Act act, const QKeySequence& keys) const;
  void resetShortcuts();

  /// Shortcuts that differ from the table, for the settings.
  QVariantMap shortcuts() const;
  void restoreShortcuts(const QVariantMap& shortcuts);

  /// Texts anew, in the language of now.
  void retranslate();

 Q_SIGNALS:
  void shortcutsChanged();

 private:
  struct Table;

  std::vector<QAction*> actions_;
};

}  // namespace inkling
