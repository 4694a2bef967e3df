// Watches the folders whose photos are shown.
//
//   FolderWatch watch;
//   connect(&watch, &FolderWatch::folderChanged, ...);   // scan again
//   watch.setFolders({"photos", "photos/2024"});
//
// New, removed and renamed files are noticed; what lies in sub-folders only if these are watched
// themselves. A source that went away (an unplugged disk, say) is looked for every two seconds.
#pragma once

#include <QFileSystemWatcher>
#include <QObject>
#include <QSet>
#include <QTimer>

#include "ui/gallery/folder_scan.h"

namespace inkling {

class FolderWatch : public QObject {
  Q_OBJECT

 public:
  static constexpr int kDelay = 1000;      ///< ms of rest after a change before it is told of
  static constexpr int kLookAgain = 2000;  ///< ms between two looks for a folder that is gone

  explicit FolderWatch(QObject* parent = nullptr);

  /// In place of those before. Single files and folders that are not there are passed over;
  /// empty: nothing is watched.
  void setFolders(const PhotoPaths& folders);

 Q_SIGNALS:
  /// A watched folder was removed, renamed or unmounted. Once, until it is back.
  void folderGone(const QString& path);
  /// Photos may have come or gone (or a folder is back).
  void folderChanged();

 private:
  void look(const QString& path);
  void lookForGone();

  QFileSystemWatcher watcher_;
  QTimer rest_, again_;
  QSet<QString> gone_;
};

}  // namespace inkling
