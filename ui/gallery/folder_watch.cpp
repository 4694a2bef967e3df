#include "ui/gallery/folder_watch.h"

#include <QFileInfo>

#include "ui/paths/paths.h"

namespace inkling {

FolderWatch::FolderWatch(QObject* parent) : QObject(parent) {
  rest_.setSingleShot(true);
  rest_.setInterval(kDelay);
  again_.setInterval(kLookAgain);
  connect(&rest_, &QTimer::timeout, this, &FolderWatch::folderChanged);
  connect(&again_, &QTimer::timeout, this, &FolderWatch::lookForGone);
  connect(&watcher_, &QFileSystemWatcher::directoryChanged, this, &FolderWatch::look);
}

void FolderWatch::setFolders(const PhotoPaths& folders) {
  rest_.stop();
  again_.stop();
  gone_.clear();
  if (!watcher_.directories().isEmpty()) watcher_.removePaths(watcher_.directories());
  QStringList paths;
  for (const std::filesystem::path& folder : folders) {
    const QString path = toQString(folder);
    if (QFileInfo(path).isDir()) paths << path;
  }
  if (!paths.isEmpty()) watcher_.addPaths(paths);
}

void FolderWatch::look(const QString& path) {
  if (QFileInfo(path).isDir()) return rest_.start();
  if (gone_.contains(path)) return;
  gone_.insert(path);
  again_.start();
  Q_EMIT folderGone(path);
}

void FolderWatch::lookForGone() {
  const QSet<QString> gone = gone_;
  for (const QString& path : gone) {
    if (!QFileInfo(path).isDir()) continue;
    gone_.remove(path);
    watcher_.addPath(path);
    rest_.start();
  }
  if (gone_.isEmpty()) again_.stop();
}

}  // namespace inkling
