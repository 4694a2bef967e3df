#include "ui/gallery/folder_scan.h"

#include <algorithm>
#include <unordered_set>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/image/photo_reader.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kCountEvery = 2000;

bool isPhoto(const fs::path& file) {
  const auto& known = photoExtensions();
  return file.filename().native().front() != '.' &&
         std::find(known.begin(), known.end(), lowerExtension(file)) != known.end();
}

// Calls `found` for every photo below `source`. What cannot be entered further down is passed over.
template <typename F>
void forEachPhoto(const fs::path& source, const CancellationToken& token, F&& found) {
  std::error_code error;
  if (!fs::exists(source, error))
    fail<InputError>("{}: no such file or folder", displayName(source));
  if (!fs::is_directory(source, error)) return found(source);
  constexpr auto kOptions = fs::directory_options::skip_permission_denied;
  fs::recursive_directory_iterator entry(source, kOptions, error);
  if (error)
    fail<InputError>("{}: cannot list the folder ({})", displayName(source), error.message());
  for (; entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (error)
      fail<InputError>("{}: cannot list the folder ({})", displayName(source), error.message());
    if (token.cancelled()) return;
    const bool hidden = entry->path().filename().native().front() == '.';
    std::error_code ignored;
    if (hidden && entry->is_directory(ignored)) entry.disable_recursion_pending();
    if (!hidden && isPhoto(entry->path()) && entry->is_regular_file(ignored)) found(entry->path());
  }
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
      forEachPhoto(source, token, found);
    } catch (const Error& error) {
      tell(run, [this, reason = QString::fromStdString(error.what())] { Q_EMIT failed(reason); });
    }
    if (token.cancelled()) return;
  }
  std::sort(photos.begin(), photos.end(), [](const fs::path& a, const fs::path& b) {
    return naturalLess(a.native(), b.native());
  });
  if (token.cancelled()) return;
  tell(run, [this, photos = std::move(photos)] {
    thread_->wait();
    delete std::exchange(thread_, nullptr);
    Q_EMIT finished(photos);
  });
}

}  // namespace inkling
