#include "ui/jobs/exporter.h"

#include <QMetaObject>
#include <limits>
#include <utility>
#include <vector>

#include "core/base/background_thread.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/exporting/match_pictures.h"
#include "core/image/photo_reader.h"
#include "ui/paths/paths.h"

namespace inkling {
namespace {

// Boxes of the whole photo in the pixels of the picture that was read.
std::vector<ScoredBox> scaled(std::vector<ScoredBox> boxes, const ReducedPhoto& read) {
  const double x = static_cast<double>(read.image.width) / read.full.width;
  const double y = static_cast<double>(read.image.height) / read.full.height;
  for (ScoredBox& scored : boxes) {
    Box& box = scored.box;
    box = {box.x * x, box.y * y, box.width * x, box.height * y};
  }
  return boxes;
}

}  // namespace

Exporter::Exporter(QObject* parent) : QObject(parent) {}

Exporter::~Exporter() { cancel(); }

bool Exporter::start(ExportRequest request) {
  if (std::exchange(running_, true)) return false;
  token_ = CancellationToken();
  setPaused(false);
  thread_ = std::jthread([this, request = std::move(request), token = token_] {
    stepBackForWindow();
    work(request, token);
  });
  return true;
}

void Exporter::cancel() {
  token_.cancel();
  changed_.notify_all();
}

void Exporter::setPaused(bool paused) {
  {
    const std::lock_guard lock(mutex_);
    paused_ = paused;
  }
  changed_.notify_all();
}

void Exporter::waitWhilePaused(const CancellationToken& token) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !paused_ || token.cancelled(); });
}

template <typename F>
void Exporter::post(F&& signal) {
  QMetaObject::invokeMethod(this, std::forward<F>(signal), Qt::QueuedConnection);
}

void Exporter::work(const ExportRequest& request, const CancellationToken& token) {
  std::size_t written = 0;
  QString reason;
  try {
    if (request.format == MatchesFormat::kPictures) {
      written = writePictures(request, token);
    } else {
      const bool csv = request.format == MatchesFormat::kCsv;
      writeFileAtomically(request.target,
                          csv ? toCsvText(request.report) : toJsonText(request.report));
      written = request.report.photos.size();
    }
  } catch (const Error& error) {
    reason = QString::fromStdString(error.what());
  }
  post([this, written, cancelled = token.cancelled(), reason] {
    running_ = false;
    Q_EMIT finished(written, cancelled, reason);
  });
}

std::size_t Exporter::writePictures(const ExportRequest& request, const CancellationToken& token) {
  MatchPictures pictures(request.target, request.card);
  const std::size_t total = request.report.photos.size();
  std::size_t written = 0, done = 0;
  for (const FoundPhoto& photo : request.report.photos) {
    waitWhilePaused(token);
    if (token.cancelled()) break;
    const QString name = shownName(photo.path.filename());
    const auto tell = [&](double share) {
      post([this, done, total, name, share] { Q_EMIT progressed(done, total, name, share); });
    };
    tell(0.1);
    try {
      // Whole, unless it is too large for that.
      const ReducedPhoto read = readPhotoReduced(photo.path, std::numeric_limits<int>::max());
      tell(0.5);
      pictures.writeBoxes(photo.path, read.image, scaled(photo.boxes, read));
      ++written;
    } catch (const InputError& error) {
      post([this, name, text = QString::fromStdString(error.what())] {
        Q_EMIT photoFailed(name, text);
      });
    }
    ++done;
    tell(1);
  }
  return written;
}

}  // namespace inkling
