#include "ui/window/settings.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QSettings>
#include <QStandardPaths>
#include <QThreadPool>
#include <algorithm>
#include <mutex>

namespace inkling {
namespace {

constexpr int kLater = 1000;  // ms

// One writer at a time, and the newest values last.
std::mutex writing;

bool write(const QString& file, const QVariantMap& values) {
  const std::lock_guard lock(writing);
  QDir().mkpath(QFileInfo(file).path());
  QSettings settings(file, QSettings::IniFormat);
  for (auto entry = values.begin(); entry != values.end(); ++entry)
    settings.setValue(entry.key(), entry.value());
  settings.sync();
  return settings.status() == QSettings::NoError && settings.isWritable();
}

}  // namespace

WindowSettings::WindowSettings(const QString& file, QObject* parent)
    : QObject(parent), file_(file) {
  const QSettings settings(file, QSettings::IniFormat);
  for (const QString& key : settings.allKeys()) values_[key] = settings.value(key);
  later_.setSingleShot(true);
  later_.setInterval(kLater);
  connect(&later_, &QTimer::timeout, this, [this] {
    QThreadPool::globalInstance()->start([file = file_, values = values_] { write(file, values); });
  });
}

WindowSettings::~WindowSettings() { const std::lock_guard lock(writing); }

QString WindowSettings::defaultFile() {
  return QStandardPaths::writableLocation(QStandardPaths::ConfigLocation) +
         QStringLiteral("/inkling/inkling.ini");
}

QVariant WindowSettings::value(const char* key, const QVariant& fallback) const {
  return values_.value(QLatin1String(key), fallback);
}

void WindowSettings::setValue(const char* key, const QVariant& value) {
  values_[QLatin1String(key)] = value;
  later_.start();
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
  later_.stop();
  return write(file_, values_);
}

bool WindowSettings::isWritable() const {
  QDir().mkpath(QFileInfo(file_).path());
  return QSettings(file_, QSettings::IniFormat).isWritable();
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
