#include "ui/window/window_actions.h"

#include <QRegularExpression>
#include <QWidget>
#include <array>

#include "ui/theme/icons.h"

namespace inkling {

// A member of the class, so that lupdate finds its texts in the class's context.
struct WindowActions::Table {
  struct Entry {
    const char* id;  ///< in the settings file; never changes
    const char* menu;
    const char* text;
    const char* keys;  ///< portable; empty: none
    const char* icon;
    bool checkable;
  };

  static constexpr const char* kFile = QT_TR_NOOP("&File");
  static constexpr const char* kEdit = QT_TR_NOOP("&Edit");
  static constexpr const char* kDrawing = QT_TR_NOOP("&Drawing");
  static constexpr const char* kSearch = QT_TR_NOOP("&Search");
  static constexpr const char* kView = QT_TR_NOOP("&View");
  static constexpr const char* kHelp = QT_TR_NOOP("&Help");

  static constexpr std::array<Entry, static_cast<std::size_t>(Act::kCount)> kEntries = {{
      {"open-folder", kFile, QT_TR_NOOP("&Open folder…"), "Ctrl+O", "folder", false},
      {"open-photos", kFile, QT_TR_NOOP("Open &photos…"), "Ctrl+Shift+O", "photo", false},
      {"open-samples", kFile, QT_TR_NOOP("Open the &bundled photos"), "", "", false},
      {"import-sketch", kFile, QT_TR_NOOP("&Import a drawing…"), "Ctrl+I", "import", false},
      {"save-sketch", kFile, QT_TR_NOOP("&Save the drawing…"), "Ctrl+S", "save", false},
      {"export-detections", kFile, QT_TR_NOOP("&Export detections…"), "Ctrl+Shift+E", "export",
       false},
      {"export-table", kFile, QT_TR_NOOP("Export matches as a &table…"), "Ctrl+E", "", false},
      {"export-json", kFile, QT_TR_NOOP("Export matches as &JSON…"), "", "", false},
      {"export-pictures", kFile, QT_TR_NOOP("Export pi&ctures with boxes…"), "", "", false},
      {"choose-model", kFile, QT_TR_NOOP("Choose a &model…"), "", "", false},
      {"cache-limit", kFile, QT_TR_NOOP("&Disk space for known photos…"), "", "", false},
      {"quit", kFile, QT_TR_NOOP("&Quit"), "Ctrl+Q", "", false},

      {"undo", kEdit, QT_TR_NOOP("&Undo"), "Ctrl+Z", "undo", false},
      {"redo", kEdit, QT_TR_NOOP("&Redo"), "Ctrl+Shift+Z", "redo", false},
      {"copy-sketch", kEdit, QT_TR_NOOP("&Copy the drawing"), "Ctrl+C", "copy", false},
      {"paste-sketch", kEdit, QT_TR_NOOP("&Paste a drawing"), "Ctrl+V", "", false},
      {"clear", kEdit, QT_TR_NOOP("C&lear the drawing"), "Ctrl+Del", "clear", false},
      {"mirror", kEdit, QT_TR_NOOP("&Mirror the drawing"), "Ctrl+M", "mirror", false},
      {"shortcuts", kEdit, QT_TR_NOOP("&Keyboard shortcuts…"), "", "settings", false},

      {"pen", kDrawing, QT_TR_NOOP("&Pen"), "B", "pen", true},
      {"eraser", kDrawing, QT_TR_NOOP("&Eraser"), "E", "eraser", true},
      {"stroke-eraser", kDrawing, QT_TR_NOOP("Erase whole &strokes"), "Shift+E", "stroke-eraser",
       true},
      {"hand", kDrawing, QT_TR_NOOP("Mo&ve the paper"), "H", "hand", true},
      {"trace", kDrawing, QT_TR_NOOP("&Trace the open photo"), "Ctrl+T", "trace", true},
      {"reset-canvas", kDrawing, QT_TR_NOOP("Show the whole p&aper"), "Ctrl+Shift+0", "zoom-fit",
       false},
      {"new-sketch", kDrawing, QT_TR_NOOP("&New drawing of the same thing"), "Ctrl+N", "add",
       false},
      {"duplicate-sketch", kDrawing, QT_TR_NOOP("&Duplicate the drawing"), "Ctrl+D", "duplicate",
       false},
      {"remove-sketch", kDrawing, QT_TR_NOOP("&Remove the drawing"), "Ctrl+Backspace", "remove",
       false},
      {"restore-sketch", kDrawing, QT_TR_NOOP("&Bring the removed drawing back"),
       "Ctrl+Shift+Backspace", "", false},
      {"sketch-up", kDrawing, QT_TR_NOOP("Move &up in the list"), "Alt+Up", "up", false},
      {"sketch-down", kDrawing, QT_TR_NOOP("Move do&wn in the list"), "Alt+Down", "down", false},
      {"sketch-on-off", kDrawing, QT_TR_NOOP("Switch &on or off"), "Ctrl+Space", "eye", false},
      {"sketch-not", kDrawing, QT_TR_NOOP("Do not &find this"), "Ctrl+Shift+N", "not", true},
      {"keep-sketch", kDrawing, QT_TR_NOOP("&Keep in the library…"), "Ctrl+K", "save", false},
      {"library", kDrawing, QT_TR_NOOP("&Library of drawings"), "Ctrl+L", "library", true},

      {"sort-by-score", kSearch, QT_TR_NOOP("&Best match first"), "", "", true},
      {"sort-by-name", kSearch, QT_TR_NOOP("By &name"), "", "", true},
      {"matches-only", kSearch, QT_TR_NOOP("&Matches only"), "Ctrl+Shift+M", "", true},
      {"pause-search", kSearch, QT_TR_NOOP("&Pause"), "Ctrl+P", "pause", true},
      {"cancel-search", kSearch, QT_TR_NOOP("&Stop looking through the folder"), "Ctrl+.", "cancel",
       false},

      {"zoom-in", kView, QT_TR_NOOP("Zoom &in"), "Ctrl++", "zoom-in", false},
      {"zoom-out", kView, QT_TR_NOOP("Zoom &out"), "Ctrl+-", "zoom-out", false},
      {"zoom-fit", kView, QT_TR_NOOP("&Fit the photo"), "Ctrl+0", "zoom-fit", false},
      {"zoom-actual", kView, QT_TR_NOOP("Actual pi&xels"), "Ctrl+1", "zoom-actual", false},
      {"boxes", kView, QT_TR_NOOP("&Boxes"), "X", "boxes", true},
      {"attention", kView, QT_TR_NOOP("&Attention"), "A", "attention", true},
      {"split", kView, QT_TR_NOOP("Before and aft&er"), "S", "split", true},
      {"next-box", kView, QT_TR_NOOP("&Next box"), "N", "", false},
      {"previous-box", kView, QT_TR_NOOP("&Previous box"), "P", "", false},
      {"next-photo", kView, QT_TR_NOOP("Next p&hoto"), "Alt+Right", "next", false},
      {"previous-photo", kView, QT_TR_NOOP("Pre&vious photo"), "Alt+Left", "previous", false},
      {"copy-picture", kView, QT_TR_NOOP("&Copy the picture"), "Ctrl+Shift+C", "copy", false},
      {"save-picture", kView, QT_TR_NOOP("&Save the picture…"), "Ctrl+Shift+S", "save", false},
      {"jobs", kView, QT_TR_NOOP("&Jobs"), "Ctrl+J", "jobs", true},
      {"full-screen", kView, QT_TR_NOOP("F&ull screen"), "F11", "", true},
      {"theme-system", kView, QT_TR_NOOP("&As the desktop"), "", "", true},
      {"theme-light", kView, QT_TR_NOOP("&Light"), "", "", true},
      {"theme-dark", kView, QT_TR_NOOP("&Dark"), "", "", true},
      {"language-system", kView, QT_TR_NOOP("Language of the &desktop"), "", "", true},
      {"language-english", kView, "&English", "", "", true},
      {"language-chinese", kView, "简体中文", "", "", true},

      {"welcome", kHelp, QT_TR_NOOP("&Welcome page"), "F1", "info", false},
      {"about", kHelp, QT_TR_NOOP("&About Inkling and its model"), "", "info", false},
  }};

  static const Entry& of(Act act) { return kEntries[static_cast<std::size_t>(act)]; }
};

// Without the mark of its key; Chinese texts have it in brackets.
static QString plain(QString text) {
  static const QRegularExpression marks(QStringLiteral("\\(&.\\)|&|…"));
  return text.remove(marks);
}

WindowActions::WindowActions(QWidget* owner) : QObject(owner) {
  for (const Table::Entry& entry : Table::kEntries) {
    auto* action = new QAction(owner);
    action->setObjectName(QLatin1String(entry.id));
    action->setCheckable(entry.checkable);
    if (entry.icon[0] != '\0') action->setIcon(themedIcon(QLatin1String(entry.icon)));
    action->setShortcut(QKeySequence(QLatin1String(entry.keys), QKeySequence::PortableText));
    owner->addAction(action);
    actions_.push_back(action);
  }
  retranslate();
}

QString WindowActions::name(Act act) const { return plain(tr(Table::of(act).text)); }

QString WindowActions::menuName(Act act) const { return tr(Table::of(act).menu); }

QString WindowActions::plainMenuName(Act act) const { return plain(menuName(act)); }

void WindowActions::retranslate() {
  for (std::size_t i = 0; i < actions_.size(); ++i) {
    const auto act = static_cast<Act>(i);
    actions_[i]->setText(tr(Table::kEntries[i].text));
    const QKeySequence keys = actions_[i]->shortcut();
    // The tool tip tells the key, which buttons do not show.
    actions_[i]->setToolTip(
        keys.isEmpty() ? name(act)
                       : tr("%1 (%2)").arg(name(act), keys.toString(QKeySequence::NativeText)));
  }
}

QKeySequence WindowActions::defaultShortcut(Act act) const {
  return QKeySequence(QLatin1String(Table::of(act).keys), QKeySequence::PortableText);
}

void WindowActions::setShortcut(Act act, const QKeySequence& keys) {
  if ((*this)[act]->shortcut() == keys) return;
  (*this)[act]->setShortcut(keys);
  retranslate();
  Q_EMIT shortcutsChanged();
}

Act WindowActions::conflict(Act act, const QKeySequence& keys) const {
  if (keys.isEmpty()) return Act::kCount;
  for (std::size_t i = 0; i < actions_.size(); ++i) {
    if (static_cast<Act>(i) != act && actions_[i]->shortcut() == keys) return static_cast<Act>(i);
  }
  return Act::kCount;
}

void WindowActions::resetShortcuts() {
  for (std::size_t i = 0; i < actions_.size(); ++i)
    actions_[i]->setShortcut(defaultShortcut(static_cast<Act>(i)));
  retranslate();
  Q_EMIT shortcutsChanged();
}

QVariantMap WindowActions::shortcuts() const {
  QVariantMap changed;
  for (std::size_t i = 0; i < actions_.size(); ++i) {
    const QKeySequence keys = actions_[i]->shortcut();
    if (keys != defaultShortcut(static_cast<Act>(i)))
      changed[QLatin1String(Table::kEntries[i].id)] = keys.toString(QKeySequence::PortableText);
  }
  return changed;
}

void WindowActions::restoreShortcuts(const QVariantMap& shortcuts) {
  for (std::size_t i = 0; i < actions_.size(); ++i) {
    const auto found = shortcuts.find(QLatin1String(Table::kEntries[i].id));
    if (found != shortcuts.end())
      actions_[i]->setShortcut(QKeySequence(found->toString(), QKeySequence::PortableText));
  }
  retranslate();
}

}  // namespace inkling
