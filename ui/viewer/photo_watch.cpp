#include "ui/viewer/photo_watch.h"

#include <utility>

#include <sys/stat.h>

#include "ui/paths/paths.h"

namespace inkling {

PhotoWatch::PhotoWatch(QObject* parent) : QObject(parent) {
  timer_.setSingleShot(true);
  timer_.setInterval(kDelay);
  connect(&timer_, &QTimer::timeout, this, &PhotoWatch::look);
  // Not restarted by every event: a folder in which much happens would put it off for ever.
  const auto soon = [this] {
    if (!timer_.isActive()) timer_.start();
  };
  connect(&watcher_, &QFileSystemWatcher::fileChanged, this, soon);
  // A file that is put in the place of another is seen in its folder only.
  connect(&watcher_, &QFileSystemWatcher::directoryChanged, this, soon);
}

void PhotoWatch::watch(const std::filesystem::path& file) {
  timer_.stop();
  const QStringList before = watcher_.files() + watcher_.directories();
  if (!before.isEmpty()) watcher_.removePaths(before);
  file_ = file;
  known_ = file.empty() ? std::nullopt : stampOf(file);
  follow();
}

void PhotoWatch::follow() {
  if (file_.empty()) return;
  const auto add = [this](const std::filesystem::path& path) {
    const QString name = toQString(path);
    if (!watcher_.files().contains(name) && !watcher_.directories().contains(name))
      watcher_.addPath(name);
  };
  if (known_) add(file_);
  const std::filesystem::path folder = file_.parent_path();
  add(folder.empty() ? std::filesystem::path(".") : folder);
}

std::optional<PhotoWatch::Stamp> PhotoWatch::stampOf(const std::filesystem::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return std::nullopt;
  return Stamp(info.st_ino, info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
}

void PhotoWatch::look() {
  const std::optional<Stamp> before = std::exchange(known_, stampOf(file_));
  follow();
  if (known_ == before) return;
  if (known_) {
    Q_EMIT replaced();
  } else {
    Q_EMIT vanished();
  }
}

}  // namespace inkling
