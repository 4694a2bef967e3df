// Light and dark.
//
//   applyTheme(Theme::kDark);      // at any time; every widget follows
//
// Widgets take their colours from the palette (Highlight is the accent) and from the few named
// colours below, never from numbers of their own.
#pragma once

#include <QColor>
#include <QString>

namespace inkling {

enum class Theme { kSystem, kLight, kDark };

/// Sets palette, style and the little style sheet of the application. kSystem follows what the
/// desktop had when the program started.
void applyTheme(Theme theme);

/// Whether dark colours are shown now.
bool isDark();

/// "system", "light", "dark"; anything else is kSystem.
Theme themeFromName(const QString& name);
QString nameOf(Theme theme);

/// Frame and plate of the best box, and of the others; the same as in the pictures that the command
/// line writes.
QColor bestBoxColour();
QColor otherBoxColour();
/// For something that went wrong, readable on the window's background.
QColor warningColour();

}  // namespace inkling
