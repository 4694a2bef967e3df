#include "ui/window/window_actions.h"

#include <QWidget>
#include <array>

#include "ui/theme/icons.h"

namespace inkling {
namespace {

struct Entry {
  const char* id;  ///< in the settings file; never changes
  const char* menu;
  const char* text;
  const char* keys;  ///< portable; empty: none
  const char* icon;
  bool checkable;
};

#define TEXT(text) QT_TRANSLATE_NOOP("inkling::WindowActions", text)

constexpr const char* kFile = TEXT("&File");
constexpr const char* kEdit = TEXT("&Edit");
constexpr const char* kDrawing = TEXT("&Drawing");
constexpr const char* kSearch = TEXT("&Search");
constexpr const char* kView = TEXT("&View");
constexpr const char* kHelp = TEXT("&Help");

constexpr std::array<Entry, static_cast<std::size_t>(Act::kCount)> kTable = {{
    {"open-folder", kFile, TEXT("&Open folder…"), "Ctrl+O", "folder", false},
    {"open-photos", kFile, TEXT("Open &photos…"), "Ctrl+Shift+O", "photo", false},
    {"open-samples", kFile, TEXT("Open the &bundled photos"), "", "", false},
    {"import-sketch", kFile, TEXT("&Import a drawing…"), "Ctrl+I", "import", false},
    {"save-sketch", kFile, TEXT("&Save the drawing…"), "Ctrl+S", "save", false},
    {"export-table", kFile, TEXT("Export matches as a &table…"), "Ctrl+E", "export", false},
    {"export-json", kFile, TEXT("Export matches as &JSON…"), "", "", false},
    {"export-pictures", kFile, TEXT("Export &pictures with boxes…"), "", "", false},
    {"choose-model", kFile, TEXT("Choose a &model…"), "", "", false},
    {"quit", kFile, TEXT("&Quit"), "Ctrl+Q", "", false},

    {"undo", kEdit, TEXT("&Undo"), "Ctrl+Z", "undo", false},
    {"redo", kEdit, TEXT("&Redo"), "Ctrl+Shift+Z", "redo", false},
    {"copy-sketch", kEdit, TEXT("&Copy the drawing"), "Ctrl+C", "copy", false},
    {"paste-sketch", kEdit, TEXT("&Paste a drawing"), "Ctrl+V", "", false},
    {"clear", kEdit, TEXT("C&lear the drawing"), "Ctrl+Del", "clear", false},
    {"mirror", kEdit, TEXT("&Mirror the drawing"), "Ctrl+M", "mirror", false},
    {"shortcuts", kEdit, TEXT("&Keyboard shortcuts…"), "", "settings", false},

    {"pen", kDrawing, TEXT("&Pen"), "B", "pen", true},
    {"eraser", kDrawing, TEXT("&Eraser"), "E", "eraser", true},
    {"stroke-eraser", kDrawing, TEXT("Erase whole &strokes"), "Shift+E", "stroke-eraser", true},
    {"hand", kDrawing, TEXT("Move the pa&per"), "H", "hand", true},
    {"trace", kDrawing, TEXT("&Trace the open photo"), "Ctrl+T", "trace", true},
    {"reset-canvas", kDrawing, TEXT("Show the whole p&aper"), "Ctrl+Shift+0", "zoom-fit", false},
    {"new-sketch", kDrawing, TEXT("&New drawing of the same thing"), "Ctrl+N", "add", false},
    {"duplicate-sketch", kDrawing, TEXT("&Duplicate the drawing"), "Ctrl+D", "duplicate", false},
    {"remove-sketch", kDrawing, TEXT("&Remove the drawing"), "Ctrl+Backspace", "remove", false},
    {"restore-sketch", kDrawing, TEXT("&Bring the removed drawing back"), "Ctrl+Shift+Backspace",
     "", false},
    {"sketch-up", kDrawing, TEXT("Move &up in the list"), "Alt+Up", "up", false},
    {"sketch-down", kDrawing, TEXT("Move do&wn in the list"), "Alt+Down", "down", false},
    {"sketch-on-off", kDrawing, TEXT("Switch &on or off"), "Ctrl+Space", "eye", false},
    {"sketch-not", kDrawing, TEXT("Do &not find this"), "Ctrl+Shift+N", "not", true},
    {"keep-sketch", kDrawing, TEXT("&Keep in the library…"), "Ctrl+K", "save", false},
    {"library", kDrawing, TEXT("&Library of drawings"), "Ctrl+L", "library", true},

    {"sort-by-score", kSearch, TEXT("&Best match first"), "", "", true},
    {"sort-by-name", kSearch, TEXT("By &name"), "", "", true},
    {"matches-only", kSearch, TEXT("&Matches only"), "Ctrl+Shift+M", "", true},
    {"pause-search", kSearch, TEXT("&Pause"), "Ctrl+P", "pause", true},
    {"cancel-search", kSearch, TEXT("&Stop looking through the folder"), "Ctrl+.", "cancel", false},

    {"zoom-in", kView, TEXT("Zoom &in"), "Ctrl++", "zoom-in", false},
    {"zoom-out", kView, TEXT("Zoom &out"), "Ctrl+-", "zoom-out", false},
    {"zoom-fit", kView, TEXT("&Fit the photo"), "Ctrl+0", "zoom-fit", false},
    {"zoom-actual", kView, TEXT("Actual pi&xels"), "Ctrl+1", "zoom-actual", false},
    {"boxes", kView, TEXT("&Boxes"), "X", "boxes", true},
    {"attention", kView, TEXT("&Attention"), "A", "attention", true},
    {"split", kView, TEXT("Before and aft&er"), "S", "split", true},
    {"next-box", kView, TEXT("&Next box"), "N", "", false},
    {"previous-box", kView, TEXT("&Previous box"), "P", "", false},
    {"next-photo", kView, TEXT("Next p&hoto"), "Alt+Right", "next", false},
    {"previous-photo", kView, TEXT("Pre&vious photo"), "Alt+Left", "previous", false},
    {"copy-picture", kView, TEXT("&Copy the picture"), "Ctrl+Shift+C", "copy", false},
    {"save-picture", kView, TEXT("&Save the picture…"), "Ctrl+Shift+S", "save", false},
    {"jobs", kView, TEXT("&Jobs"), "Ctrl+J", "jobs", true},
    {"full-screen", kView, TEXT("F&ull screen"), "F11", "", true},
    {"theme-system", kView, TEXT("As the &desktop"), "", "", true},
    {"theme-light", kView, TEXT("&Light"), "", "", true},
    {"theme-dark", kView, TEXT("&Dark"), "", "", true},
    {"language-system", kView, TEXT("Language of the &desktop"), "", "", true},
    {"language-english", kView, "&English", "", "", true},
    {"language-chinese", kView, "简体中文", "", "", true},

    {"welcome", kHelp, TEXT("&Welcome page"), "F1", "info", false},
    {"about", kHelp, TEXT("&About Inkling and its model"), "", "info", false},
}};

#undef TEXT

const Entry& entryOf(Act act) { return kTable[static_cast<std::size_t>(act)]; }

QString withoutMark(QString text) { return text.remove(QLatin1Char('&')); }

}  // namespace

WindowActions::WindowActions(QWidget* owner) : QObject(owner) {
  for (const Entry& entry : kTable) {
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

QString WindowActions::name(Act act) const {
  return withoutMark(tr(entryOf(act).text)).remove(QStringLiteral("…"));
}

QString WindowActions::menuName(Act act) const { return tr(entryOf(act).menu); }

void WindowActions::retranslate() {
  for (std::size_t i = 0; i < actions_.size(); ++i) {
    const auto act = static_cast<Act>(i);
    actions_[i]->setText(tr(kTable[i].text));
    const QKeySequence keys = actions_[i]->shortcut();
    // The tool tip tells the key, which buttons do not show.
    actions_[i]->setToolTip(
        keys.isEmpty() ? name(act)
                       : tr("%1 (%2)").arg(name(act), keys.toString(QKeySequence::NativeText)));
  }
}

QKeySequence WindowActions::defaultShortcut(Act act) const {
  return QKeySequence(QLatin1String(entryOf(act).keys), QKeySequence::PortableText);
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
      changed[QLatin1String(kTable[i].id)] = keys.toString(QKeySequence::PortableText);
  }
  return changed;
}

void WindowActions::restoreShortcuts(const QVariantMap& shortcuts) {
  for (std::size_t i = 0; i < actions_.size(); ++i) {
    const auto found = shortcuts.find(QLatin1String(kTable[i].id));
    if (found != shortcuts.end())
      actions_[i]->setShortcut(QKeySequence(found->toString(), QKeySequence::PortableText));
  }
  retranslate();
}

}  // namespace inkling
