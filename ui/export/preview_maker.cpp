#include "ui/export/preview_maker.h"

#include <QMetaObject>
#include <exception>
#include <functional>
#include <utility>

#include "core/base/background_thread.h"
#include "core/base/error.h"
#include "core/search/content_hash.h"

namespace inkling {

namespace fs = std::filesystem;

// What is kept from one preview to the next, as most changes touch neither the photos nor the out
// folder.
class PreviewMaker::Worker {
 public:
  using Tell = std::function<void(const ExportPreview&)>;

  void build(const PreviewRequest& request, const CancellationToken& token, const Tell& tell);

 private:
  ExportPlan plan(const ExportOrder& order, const CancellationToken& token);
  const std::vector<fs::path>& photosOf(const ExportPlan& plan, const CancellationToken& token);
  const ExportNames& namesOf(std::size_t suffixBytes);
  void nameFiles(const ExportFormat& format, ExportPreview& preview);

  struct Listed {
    fs::path folder, out;
    bool some = false;
    std::vector<fs::path> photos;
  };
  std::optional<Listed> listed_;
  std::optional<std::pair<std::size_t, ExportNames>> names_;  // of listed_; with the suffix
  std::pair<fs::path, std::string> modelHash_;
  ExportPlaceReader place_;
};

ExportPlan PreviewMaker::Worker::plan(const ExportOrder& order, const CancellationToken& token) {
  if (modelHash_.first != order.model)
    modelHash_ = {order.model, hashFile(order.model, token).hex()};
  return planOf(order, modelHash_.second);
}

const std::vector<fs::path>& PreviewMaker::Worker::photosOf(const ExportPlan& plan,
                                                            const CancellationToken& token) {
  const bool some = plan.photos.has_value();
  const bool same = listed_ && !some && !listed_->some && listed_->folder == plan.folder &&
                    listed_->out == plan.out;
  if (!same) {
    names_.reset();
    listed_.reset();
    listed_ = Listed{plan.folder, plan.out, some, photosToExport(plan, token)};
  }
  return listed_->photos;
}

const ExportNames& PreviewMaker::Worker::namesOf(std::size_t suffixBytes) {
  if (!names_ || names_->first != suffixBytes)
    names_.emplace(suffixBytes, ExportNames(listed_->photos, suffixBytes));
  return names_->second;
}

void PreviewMaker::Worker::nameFiles(const ExportFormat& format, ExportPreview& preview) {
  const ExportNames& names = namesOf(format.longestSuffix());
  const std::vector<fs::path>& photos = listed_->photos;
  preview.photos = photos.size();
  preview.whole = format.wholeFiles();
  preview.whole.insert(preview.whole.end(), {"failures.csv", JobFolder::kSummary});
  preview.atMost = format.needsPicture();
  std::size_t each = 0;
  for (std::size_t i = 0; i < std::min(photos.size(), ExportPreview::kNamed); ++i) {
    const auto files = format.plannedFiles(names.nameOf(photos[i]));
    each = files.size();
    preview.files.insert(preview.files.end(), files.begin(), files.end());
  }
  preview.more = each * photos.size() - preview.files.size();
}

void PreviewMaker::Worker::build(const PreviewRequest& request, const CancellationToken& token,
                                 const Tell& tell) {
  const ExportOrder& order = request.order;
  if (request.placeChanged) {
    place_.forget();
    listed_.reset();
  }
  ExportPreview preview;
  try {
    const ExportPlan wanted = plan(order, token);
    const auto format = makeExportFormat(wanted.format, wanted.setup, wanted.out);
    const std::vector<fs::path>& photos = photosOf(wanted, token);
    nameFiles(*format, preview);
    tell(preview);

    token.check();
    preview.step = ExportPreview::Step::kSample;
    try {
      // The attention is not known before.
      ExportSetup plain = wanted.setup;
      plain.overlay = false;
      preview.sample = makeSample(*makeExportFormat(wanted.format, plain, wanted.out), plain,
                                  namesOf(format->longestSuffix()), request.examples);
    } catch (const Error& error) {
      preview.sampleProblem = error.what();
    }
    tell(preview);

    token.check();
    preview.step = ExportPreview::Step::kPlace;
    preview.place = place_.read(wanted, *format, namesOf(format->longestSuffix()), photos, token);
  } catch (const Cancelled&) {
    return;
  } catch (const Error& error) {
    preview.problem = error.what();
  }
  tell(preview);
}

PreviewMaker::PreviewMaker(QObject* parent)
    : QObject(parent), worker_(std::make_unique<Worker>()), thread_([this] { run(); }) {}

PreviewMaker::~PreviewMaker() {
  {
    const std::lock_guard lock(mutex_);
    quit_ = true;
    token_.cancel();
  }
  changed_.notify_all();
}

void PreviewMaker::make(PreviewRequest request) {
  {
    const std::lock_guard lock(mutex_);
    // What was asked for and not begun may have been the one to look anew.
    if (wanted_) request.placeChanged = request.placeChanged || wanted_->placeChanged;
    wanted_ = std::move(request);
    token_.cancel();
    token_ = CancellationToken();
    ++number_;
  }
  changed_.notify_all();
}

void PreviewMaker::stop() {
  std::unique_lock lock(mutex_);
  wanted_.reset();
  token_.cancel();
  ++number_;
  changed_.wait(lock, [this] { return !busy_; });
}

void PreviewMaker::run() {
  stepBackForWindow();
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return quit_ || wanted_; });
    if (quit_) return;
    const PreviewRequest request = *std::exchange(wanted_, std::nullopt);
    const CancellationToken token = token_;
    const quint64 number = number_;
    busy_ = true;
    lock.unlock();
    build(request, number, token);
    lock.lock();
    busy_ = false;
    changed_.notify_all();
  }
}

void PreviewMaker::build(const PreviewRequest& request, quint64 number,
                         const CancellationToken& token) {
  const auto tell = [&](const ExportPreview& preview) {
    QMetaObject::invokeMethod(
        this,
        [this, number, preview] {
          if (number == number_) Q_EMIT made(preview);
        },
        Qt::QueuedConnection);
  };
  try {
    worker_->build(request, token, tell);
  } catch (const std::exception& error) {  // no memory
    ExportPreview preview;
    preview.problem = error.what();
    tell(preview);
  }
}

}  // namespace inkling
