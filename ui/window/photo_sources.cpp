#include "ui/window/photo_sources.h"

#include <QThreadPool>
#include <QTimer>
#include <utility>

#include "ui/paths/paths.h"

namespace inkling {

PhotoSources::PhotoSources(QObject* parent) : QObject(parent) {
  connect(&scan_, &FolderScan::firstFound, this, [this](const PhotoPaths& photos) {
    // A listing of the same folder once more replaces the photos in one go, when it is complete.
    if (!again_) handOver(photos, false);
  });
  connect(&scan_, &FolderScan::counted, this, &PhotoSources::counted);
  connect(&scan_, &FolderScan::failed, this, &PhotoSources::failed);
  connect(&scan_, &FolderScan::finished, this, [this] {
    handOver(scan_.take(), true);
    // In an event of its own: telling the system takes as long as half a frame.
    QTimer::singleShot(0, this, [this] { watch_.setFolders(scan_.folders()); });
  });
  connect(&watch_, &FolderWatch::folderGone, this, &PhotoSources::gone);
  connect(&watch_, &FolderWatch::folderChanged, this, &PhotoSources::refresh);
}

void PhotoSources::open(const PhotoPaths& sources) {
  sources_ = sources;
  again_ = false;
  ++run_;
  scan_.start(sources_);
}

void PhotoSources::refresh() {
  if (sources_.empty()) return;
  again_ = true;
  ++run_;
  scan_.start(sources_);
}

QString PhotoSources::name() const {
  if (sources_.empty()) return {};
  std::filesystem::path first = sources_.front();
  if (!first.has_filename()) first = first.parent_path();
  const QString name = shownName(first.filename());
  const int more = static_cast<int>(sources_.size()) - 1;
  return more == 0 ? name : tr("%1 and %n more", nullptr, more).arg(name);
}

// Copying the paths of a large folder takes longer than a frame: it happens on another thread.
void PhotoSources::handOver(PhotoPaths paths, bool complete) {
  const quint64 run = run_;
  auto photos = std::make_shared<ListedPhotos>();
  photos->paths = std::move(paths);
  photos->complete = complete;
  QThreadPool::globalInstance()->start([this, photos, run, sources = sources_] {
    photos->shared = std::make_shared<const PhotoPaths>(photos->paths);
    std::error_code ignored;
    for (const std::filesystem::path& source : sources) {
      if (photos->complete && std::filesystem::is_directory(source, ignored))
        photos->folders.push_back(source);
    }
    QMetaObject::invokeMethod(this, [this, photos, run] {
      // The first few may come behind the complete list, from another thread of the pool.
      if (run != run_ || (completeRun_ == run && !photos->complete)) return;
      if (photos->complete) completeRun_ = run;
      Q_EMIT listed(*photos);
    });
  });
}

}  // namespace inkling
