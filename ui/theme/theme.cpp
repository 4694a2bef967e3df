#include "ui/theme/theme.h"

#include <QApplication>
#include <QPalette>
#include <QStyle>
#include <utility>

#include "ui/theme/style.h"

namespace inkling {
namespace {

struct Colours {
  QColor window, base, alternate, text, dimmed, button, accent, onAccent, line;
};

const Colours kLight = {QColor(0xf4f4f1), QColor(0xffffff), QColor(0xf0f0ec),
                        QColor(0x1f2328), QColor(0x9a9fa6), QColor(0xfafaf8),
                        QColor(0x1f6feb), QColor(0xffffff), QColor(0xd5d5d0)};
const Colours kDark = {QColor(0x1e2023), QColor(0x17181b), QColor(0x222428),
                       QColor(0xe6e7e9), QColor(0x74787f), QColor(0x2b2e33),
                       QColor(0x4c8dff), QColor(0x0b0d10), QColor(0x3b3f46)};

bool darkNow = false;

QPalette paletteOf(const Colours& c) {
  QPalette palette(c.button, c.window);
  palette.setColor(QPalette::WindowText, c.text);
  palette.setColor(QPalette::Text, c.text);
  palette.setColor(QPalette::ButtonText, c.text);
  palette.setColor(QPalette::Base, c.base);
  palette.setColor(QPalette::AlternateBase, c.alternate);
  palette.setColor(QPalette::Window, c.window);
  palette.setColor(QPalette::Button, c.button);
  palette.setColor(QPalette::Mid, c.line);
  palette.setColor(QPalette::ToolTipBase, c.base);
  palette.setColor(QPalette::ToolTipText, c.text);
  palette.setColor(QPalette::PlaceholderText, c.dimmed);
  palette.setColor(QPalette::BrightText, c.onAccent);
  palette.setColor(QPalette::Highlight, c.accent);
  palette.setColor(QPalette::HighlightedText, c.onAccent);
  palette.setColor(QPalette::Link, c.accent);
  palette.setColor(QPalette::LinkVisited, c.accent);
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
    palette.setColor(QPalette::Disabled, role, c.dimmed);
  palette.setColor(QPalette::Disabled, QPalette::Highlight, c.line);
  return palette;
}

// What the palette cannot say: breathing space, and flat tool buttons that show when they are on.
QString styleSheet(const Colours& c) {
  QString sheet = QStringLiteral(
      "QToolTip { padding: 4px; border: 1px solid LINE; }"
      "QToolButton { border: 1px solid transparent; border-radius: 5px; padding: 4px; }"
      "QToolButton:hover { background: BUTTON; border-color: LINE; }"
      "QToolButton:checked { background: ACCENTSOFT; border-color: ACCENT; }"
      "QToolBarExtension { padding: 0; min-width: 16px; }"
      "QToolButton:focus { border-color: ACCENT; }"
      "QSplitter::handle { background: LINE; }"
      "QSplitter::handle:horizontal { width: 1px; }"
      "QSplitter::handle:vertical { height: 1px; }"
      "QStatusBar::item { border: none; }");
  QColor soft = c.accent;
  soft.setAlpha(48);
  sheet.replace(QStringLiteral("ACCENTSOFT"), QStringLiteral("rgba(%1,%2,%3,%4)")
                                                  .arg(soft.red())
                                                  .arg(soft.green())
                                                  .arg(soft.blue())
                                                  .arg(soft.alpha()));
  sheet.replace(QStringLiteral("ACCENT"), c.accent.name());
  sheet.replace(QStringLiteral("BUTTON"), c.button.name());
  sheet.replace(QStringLiteral("LINE"), c.line.name());
  return sheet;
}

// Asked once, before anything was changed.
bool systemIsDark() {
  static const bool dark = QApplication::palette().color(QPalette::Window).lightness() <
                           QApplication::palette().color(QPalette::WindowText).lightness();
  return dark;
}

}  // namespace

void applyTheme(Theme theme) {
  const bool systemDark = systemIsDark();
  darkNow = theme == Theme::kDark || (theme == Theme::kSystem && systemDark);
  const Colours& colours = darkNow ? kDark : kLight;
  // Once: every later theme is a palette for the same style.
  static bool styled = false;
  if (!std::exchange(styled, true)) QApplication::setStyle(new InklingStyle);
  QApplication::setPalette(paletteOf(colours));
  qApp->setStyleSheet(styleSheet(colours));
}

bool isDark() { return darkNow; }

Theme themeFromName(const QString& name) {
  if (name == QLatin1String("light")) return Theme::kLight;
  if (name == QLatin1String("dark")) return Theme::kDark;
  return Theme::kSystem;
}

QString nameOf(Theme theme) {
  switch (theme) {
    case Theme::kLight:
      return QStringLiteral("light");
    case Theme::kDark:
      return QStringLiteral("dark");
    default:
      return QStringLiteral("system");
  }
}

QColor bestBoxColour() { return QColor(255, 92, 43); }
QColor otherBoxColour() { return QColor(86, 180, 233); }
QColor warningColour() { return darkNow ? QColor(0xff8f70) : QColor(0xb3401a); }

}  // namespace inkling
