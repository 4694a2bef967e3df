#include "ui/window/settings.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRect>
#include <QStandardPaths>
#include <algorithm>

namespace inkling {

WindowSettings::WindowSettings(const QString& file)
    : file_(file), settings_(file, QSettings::IniFormat) {}

QString WindowSettings::defaultFile() {
  return QStandardPaths::writableLocation(QStandardPaths::ConfigLocation) +
         QStringLiteral("/inkling/inkling.ini");
}

std::filesystem::path WindowSettings::dataFolder() {
  const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
  return std::filesystem::path(QFile::encodeName(folder).toStdString()) / "inkling";
}

QVariant WindowSettings::value(const char* key, const QVariant& fallback) const {
  return settings_.value(QLatin1String(key), fallback);
}

void WindowSettings::setValue(const char* key, const QVariant& value) {
  settings_.setValue(QLatin1String(key), value);
}

QStringList WindowSettings::recentFolders() const { return value("recent_folders").toStringList(); }

void WindowSettings::addRecentFolder(const QString& folder) {
  QStringList recent = recentFolders();
  recent.removeAll(folder);
  recent.prepend(folder);
  setValue("recent_folders", QStringList(recent.mid(0, kRecent)));
}

void WindowSettings::clearRecentFolders() { setValue("recent_folders", QStringList()); }

bool WindowSettings::save() {
  QDir().mkpath(QFileInfo(file_).path());
  settings_.sync();
  return settings_.status() == QSettings::NoError && settings_.isWritable();
}

QString WindowSettings::reason() const {
  return QCoreApplication::translate(
             "inkling::WindowSettings",
             "Settings cannot be saved in %1. Everything works, but the window will not remember "
             "its state. Make the folder writable to change that.")
      .arg(QDir::toNativeSeparators(file_));
}

QRect visibleFrame(const QRect& frame, const QList<QRect>& screens) {
  if (screens.isEmpty()) return frame;
  constexpr int kGrip = 120, kTitle = 40;  // pixels of the title bar to take hold of
  const QRect title(frame.left(), frame.top(), frame.width(), kTitle);
  for (const QRect& screen : screens) {
    const QRect seen = title.intersected(screen);
    const bool fits =
        frame.width() <= screen.width() + kGrip && frame.height() <= screen.height() + kGrip;
    if (seen.width() >= std::min(kGrip, frame.width()) && seen.height() >= kTitle / 2 && fits)
      return frame;
  }
  const QRect screen = screens.front();
  const QSize size = frame.size().boundedTo(screen.size());
  QRect moved(QPoint(), size);
  moved.moveCenter(screen.center());
  return moved;
}

}  // namespace inkling
