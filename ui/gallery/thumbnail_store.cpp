#include "ui/gallery/thumbnail_store.h"

#include <algorithm>
#include <utility>

#include "core/base/background_thread.h"
#include "core/base/error.h"
#include "core/image/photo_reader.h"
#include "core/image/resize.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

constexpr int kBytesPerPixel = 4;

// Names of files are bytes, whatever a text would make of them. Valid as long as `path`.
QByteArray keyOf(const fs::path& path) {
  const std::string& name = path.native();
  return QByteArray::fromRawData(name.data(), static_cast<qsizetype>(name.size()));
}

QByteArray ownKeyOf(const fs::path& path) { return QByteArray::fromStdString(path.native()); }

Size fitted(Size full, int side) {
  const int longer = std::max(full.width, full.height);
  if (longer <= side) return full;
  const auto scaled = [&](int length) {
    return std::max(1, qRound(static_cast<double>(length) * side / longer));
  };
  return {scaled(full.width), scaled(full.height)};
}

QImage toQImage(const Image& image) {
  const QImage view(image.rgb.data(), image.width, image.height, qsizetype{3} * image.width,
                    QImage::Format_RGB888);
  return view.convertToFormat(QImage::Format_RGB32);
}

}  // namespace

ThumbnailStore::ThumbnailStore(QObject* parent) : QObject(parent), cache_(kCacheBytes) {
  thread_ = QThread::create([this] { work(); });
  thread_->start();
}

ThumbnailStore::~ThumbnailStore() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_->wait();
  delete thread_;
}

void ThumbnailStore::setSide(int pixels) { side_ = std::max(1, pixels); }

void ThumbnailStore::request(const std::vector<fs::path>& wanted) {
  const auto most = static_cast<std::size_t>(
      std::max<qsizetype>(1, kCacheBytes / (qsizetype{kBytesPerPixel} * side_ * side_)));
  const std::size_t count = std::min(most, wanted.size());
  std::deque<Job> missing, known;
  for (std::size_t i = 0; i < count; ++i) {
    const QByteArray key = keyOf(wanted[i]);
    const auto failure = failures_.constFind(key);
    const Outcome* made = failure != failures_.cend() ? &*failure : cache_.object(key);
    if (made != nullptr && made->side == side_) {
      known.push_back({wanted[i], side_, made->time});
    } else {
      missing.push_back({wanted[i], side_, {}});
    }
  }
  // Touched from the end, so that the most urgent are the last to be dropped from the cache.
  for (std::size_t i = count; i-- > 0;) cache_.object(keyOf(wanted[i]));
  missing.insert(missing.end(), known.begin(), known.end());
  {
    const std::lock_guard lock(mutex_);
    jobs_ = std::move(missing);
  }
  wake_.notify_one();
}

std::optional<ThumbnailStore::Thumbnail> ThumbnailStore::thumbnail(const fs::path& path) const {
  const Outcome* made = cache_.object(keyOf(path));
  if (made == nullptr) return std::nullopt;
  return made->thumbnail;
}

QString ThumbnailStore::failure(const fs::path& path) const {
  return failures_.value(keyOf(path)).failure;
}

void ThumbnailStore::forget(const fs::path& path) {
  cache_.remove(keyOf(path));
  failures_.remove(keyOf(path));
}

std::size_t ThumbnailStore::pendingCount() const {
  const std::lock_guard lock(mutex_);
  return jobs_.size();
}

// The thread ------------------------------------------------------------------------------------

void ThumbnailStore::work() {
  stepBackForWindow();
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stopping_ || !jobs_.empty(); });
      if (stopping_) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    std::optional<Outcome> outcome = make(job);
    if (!outcome) continue;
    QMetaObject::invokeMethod(
        this, [this, path = job.path, result = std::move(*outcome)] { take(path, result); });
  }
}

// Nothing when the file is still the one that is known.
std::optional<ThumbnailStore::Outcome> ThumbnailStore::make(const Job& job) {
  Outcome outcome;
  outcome.side = job.side;
  std::error_code error;
  outcome.time = fs::last_write_time(job.path, error);
  if (!error && job.known == outcome.time) return std::nullopt;
  try {
    const ReducedPhoto photo = readPhotoReduced(job.path, job.side);
    const Size size = fitted(photo.image.size(), job.side);
    outcome.thumbnail = {toQImage(resize(photo.image, size)),
                         {photo.full.width, photo.full.height}};
  } catch (const Error& failure) {
    outcome.failure = QString::fromStdString(failure.what());
  }
  return outcome;
}

// Back in the window's thread.
void ThumbnailStore::take(const fs::path& path, Outcome outcome) {
  if (!outcome.failure.isEmpty()) {
    const bool known =
        failures_.contains(keyOf(path)) && failures_.value(keyOf(path)).time == outcome.time;
    cache_.remove(keyOf(path));
    failures_.insert(ownKeyOf(path), outcome);
    if (!known) Q_EMIT failed(path, outcome.failure);
    return;
  }
  failures_.remove(keyOf(path));
  const qsizetype cost = outcome.thumbnail.image.sizeInBytes();
  cache_.insert(ownKeyOf(path), new Outcome(std::move(outcome)), cost);
  Q_EMIT ready(path);
}

}  // namespace inkling
