#include "ui/gallery/folder_scan.h"

#include <memory>
#include <unordered_set>

#include "core/base/error.h"
#include "core/base/file_walk.h"
#include "core/image/photo_reader.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kCountEvery = 2000;

// The sources themselves, and the folders of `photos` (sorted, so that those of a folder stand
// together).
PhotoPaths foldersOf(const PhotoPaths& sources, const PhotoPaths& photos) {
  PhotoPaths folders = sources;
  std::unordered_set<std::string> known;
  for (const fs::path& source : sources) known.insert(source.native());
  for (const fs::path& photo : photos) {
    if (folders.size() >= FolderScan::kMostFolders) break;
    fs::path folder = photo.parent_path();
    if (known.insert(folder.native()).second) folders.push_back(std::move(folder));
  }
  return folders;
}

}  // namespace

FolderScan::FolderScan(QObject* parent) : QObject(parent) {}

FolderScan::~FolderScan() { cancel(); }

void FolderScan::start(const PhotoPaths& sources) {
  cancel();
  token_ = CancellationToken();
  const quint64 run = ++run_;
  thread_ = QThread::create([this, sources, token = token_, run] { scan(sources, token, run); });
  thread_->start();
}

void FolderScan::cancel() {
  if (thread_ == nullptr) return;
  token_.cancel();
  ++run_;
  thread_->wait();
  delete std::exchange(thread_, nullptr);
}

// Runs `signal` in the thread of this object, unless another scan has begun since.
template <typename F>
void FolderScan::tell(quint64 run, F&& signal) {
  QMetaObject::invokeMethod(this, [this, run, signal = std::forward<F>(signal)] {
    if (run == run_) signal();
  });
}

void FolderScan::scan(const PhotoPaths& sources, const CancellationToken& token, quint64 run) {
  PhotoPaths photos;
  std::unordered_set<std::string> known;
  const auto found = [&](const fs::path& photo) {
    if (!known.insert(photo.lexically_normal().native()).second) return;
    photos.push_back(photo);
    if (photos.size() == kFirst) tell(run, [this, photos] { Q_EMIT firstFound(photos); });
    if (photos.size() % kCountEvery == 0)
      tell(run, [this, count = photos.size()] { Q_EMIT counted(count); });
  };
  for (const fs::path& source : sources) {
    try {
      visitFiles(source, photoExtensions(), token, found);
    } catch (const Error& error) {
      tell(run, [this, reason = QString::fromStdString(error.what())] { Q_EMIT failed(reason); });
    }
    if (token.cancelled()) return;
  }
  sortNaturally(photos);
  if (token.cancelled()) return;
  PhotoPaths folders = foldersOf(sources, photos);
  tell(run, [this, folders = std::move(folders),
             result = std::make_shared<PhotoPaths>(std::move(photos))] {
    // Not waited for: giving back the memory of 100,000 names takes longer than a frame.
    QThread* done = std::exchange(thread_, nullptr);
    connect(done, &QThread::finished, done, &QObject::deleteLater);
    if (done->isFinished()) done->deleteLater();
    photos_ = std::move(*result);
    folders_ = folders;
    Q_EMIT finished(photos_);
  });
}

}  // namespace inkling
