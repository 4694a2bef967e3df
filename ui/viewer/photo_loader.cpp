#include "ui/viewer/photo_loader.h"

#include <exception>
#include <utility>

#include "core/base/background_thread.h"
#include "core/base/error.h"
#include "core/image/photo_reader.h"
#include "ui/paths/paths.h"

namespace inkling {
namespace {}  // namespace

PhotoLoader::PhotoLoader(QObject* parent) : QObject(parent) {
  pool_.setMaxThreadCount(1);
  pool_.setExpiryTimeout(-1);
}

PhotoLoader::~PhotoLoader() {
  cancel();
  pool_.waitForDone();
}

void PhotoLoader::load(const std::filesystem::path& path) {
  cancel();
  loading_ = true;
  pool_.start([this, path, run = run_.load()] { read(path, run); });
}

void PhotoLoader::cancel() {
  ++run_;
  loading_ = false;
  pool_.clear();
}

// Runs `signal` in the thread of this object, unless another load has begun since.
template <typename F>
void PhotoLoader::tell(quint64 run, F&& signal) {
  QMetaObject::invokeMethod(this, [this, run, signal = std::forward<F>(signal)] {
    if (!isCurrent(run)) return;
    loading_ = false;
    signal();
  });
}

void PhotoLoader::read(const std::filesystem::path& path, quint64 run) {
  stepBackForWindow();
  if (!isCurrent(run)) return;
  try {
    // Whole, unless it is too large to be held whole.
    const ReducedPhoto read = readPhotoReduced(path, kMaxReducedSide);
    if (!isCurrent(run)) return;
    const QSize full(read.full.width, read.full.height);
    tell(run, [this, photo = makeLoadedPhoto(path, read.image, full)] { Q_EMIT loaded(photo); });
  } catch (const Error& error) {
    tell(run, [this, path, reason = QString::fromStdString(error.what())] {
      Q_EMIT failed(path, reason);
    });
  } catch (const std::exception&) {
    // Anything else is the memory that gave out.
    const QString name = shownName(path);
    tell(run, [this, path, name] {
      Q_EMIT failed(path, tr("%1: there is not enough memory for this photo").arg(name));
    });
  }
}

}  // namespace inkling
