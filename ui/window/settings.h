// What the window remembers between starts, in one file. Changes are written a second later on
// another thread: writing a file may take longer than a frame.
//
//   WindowSettings settings(WindowSettings::defaultFile());
//   settings.setValue("theme", "dark");
//   settings.save();                        // false: reason() says why, the window goes on
#pragma once

#include <QObject>
#include <QRect>
#include <QStringList>
#include <QTimer>
#include <QVariantMap>

namespace inkling {

class WindowSettings : public QObject {
  Q_OBJECT

 public:
  /// Folders that are remembered.
  static constexpr int kRecent = 12;

  /// A file that is not there or broken is like an empty one.
  explicit WindowSettings(const QString& file, QObject* parent = nullptr);
  /// Waits for the writing that is under way.
  ~WindowSettings() override;

  /// inkling.ini in the person's configuration folder.
  static QString defaultFile();

  QVariant value(const char* key, const QVariant& fallback = {}) const;
  void setValue(const char* key, const QVariant& value);

  QStringList recentFolders() const;
  /// The newest first, each once.
  void addRecentFolder(const QString& folder);
  void clearRecentFolders();

  /// Writes now. False when that is not possible.
  bool save();
  /// Whether the file can be written at all, without changing it.
  bool isWritable() const;
  /// Why not: a sentence that names the file.
  QString reason() const;

 private:
  QString file_;
  QVariantMap values_;
  QTimer later_;
};

/// Where a window of this frame should be, so that its title bar and most of it can be seen on one
/// of the screens: unchanged when it can, else moved (and shrunk) onto the first screen. A monitor
/// may have been unplugged since.
QRect visibleFrame(const QRect& frame, const QList<QRect>& screens);

}  // namespace inkling
