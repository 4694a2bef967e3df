#include "ui/export/export_runner.h"

#include <QMetaObject>
#include <QRegularExpression>
#include <algorithm>
#include <exception>
#include <utility>

#include "core/base/background_thread.h"
#include "core/base/error.h"
#include "core/search/content_hash.h"
#include "core/search/model_describer.h"
#include "ui/paths/paths.h"

namespace inkling {
namespace {

PipelineThreads besideTheWindow(const Localizer& localizer) {
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  return PipelineThreads::forCores(std::max(1, cores - 1), localizer.device() != "cpu");
}

// Runs `work`; what went wrong, if anything did.
template <typename Work>
QString reasonOf(Work&& work) {
  try {
    work();
    return {};
  } catch (const Error& error) {
    return withoutOptions(error.what());
  } catch (const std::exception& error) {  // no memory
    return QString::fromLocal8Bit(error.what());
  }
}

}  // namespace

QString withoutOptions(const std::string& message) {
  static const QRegularExpression options(
      QStringLiteral("( \\(--[^)]*\\)|[;,] (what is done is kept, and )?--.*)$"));
  return QString::fromStdString(message).remove(options);
}

ExportRunner::ExportRunner(QObject* parent) : QObject(parent) {}

ExportRunner::~ExportRunner() { cancel(); }

template <typename F>
void ExportRunner::post(F&& signal) {
  QMetaObject::invokeMethod(this, std::forward<F>(signal), Qt::QueuedConnection);
}

bool ExportRunner::start(ExportOrder order, ExportStart how) {
  if (std::exchange(running_, true)) return false;
  if (thread_.joinable()) thread_.join();  // it has said its last word
  {
    const std::lock_guard lock(mutex_);
    paused_ = cancelled_ = false;
    token_ = CancellationToken();
  }
  thread_ = std::jthread([this, order = std::move(order), how] {
    stepBackForWindow();
    work(order, how);
  });
  return true;
}

void ExportRunner::cancel() {
  {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    token_.cancel();
  }
  changed_.notify_all();
}

void ExportRunner::setPaused(bool paused) {
  {
    const std::lock_guard lock(mutex_);
    paused_ = paused;
    if (paused) token_.cancel();
  }
  changed_.notify_all();
}

// Of the next run over the photos; cancelled already where that is wanted.
CancellationToken ExportRunner::newToken() {
  const std::lock_guard lock(mutex_);
  token_ = CancellationToken();
  if (cancelled_ || paused_) token_.cancel();
  return token_;
}

bool ExportRunner::isCancelled() {
  const std::lock_guard lock(mutex_);
  return cancelled_;
}

// False: cancelled.
bool ExportRunner::waitWhilePaused() {
  std::unique_lock lock(mutex_);
  if (paused_ && !cancelled_) {
    post([this] { Q_EMIT stands(true); });
    changed_.wait(lock, [this] { return !paused_ || cancelled_; });
    if (!cancelled_) post([this] { Q_EMIT stands(false); });
  }
  return !cancelled_;
}

void ExportRunner::work(const ExportOrder& order, ExportStart how) {
  std::optional<Localizer> localizer;
  std::vector<SketchQuery> queries;
  std::unique_ptr<ExportJob> job;
  std::string identity;
  // What can go wrong goes wrong before anything is replaced.
  const QString refusal = reasonOf([&] {
    localizer.emplace(Localizer::load(order.model, {.threads = 1, .device = order.device}));
    how.threads = besideTheWindow(*localizer);
    const DrawnQuery& drawn = order.drawings.query;
    queries.push_back(localizer->understand(drawn.wanted, drawn.unwanted));
    identity = featuresIdentity(order.model);
    const ExportPlan plan = planOf(order, hashFile(order.model).hex());
    if (isCancelled()) throw Cancelled();
    job = std::make_unique<ExportJob>(plan, how);
  });
  if (!job) {
    post([this, reason = isCancelled() ? QString() : refusal] {
      running_ = false;
      Q_EMIT refused(reason);
    });
    return;
  }
  ExportEnd end;
  end.photos = static_cast<std::size_t>(job->photos());
  {
    FeatureCache cache = FeatureCache::openDefault();
    end.reason = reasonOf([&] {
      end.outcome = outcomeOf(*job, {*localizer, queries, identity, &cache});
    });
    if (const std::string trouble = cache.takeTrouble(); !trouble.empty())
      post([this, text = QString::fromStdString(trouble)] { Q_EMIT noticed(text); });
  }
  end.cancelled = end.reason.isEmpty() && !end.outcome.finished;
  job.reset();  // whoever hears of the end may go on with it at once
  post([this, end] {
    running_ = false;
    Q_EMIT finished(end);
  });
}

ExportOutcome ExportRunner::outcomeOf(ExportJob& job, const ExportTools& tools) {
  const auto photos = static_cast<std::size_t>(job.photos());
  post([this, photos, done = photos - static_cast<std::size_t>(job.pending())] {
    Q_EMIT begun(photos, done);
  });
  tellEarlierFailures(job);
  const auto progress = [this](const ProgressUpdate& now) {
    post([this, done = static_cast<std::size_t>(now.done),
          total = static_cast<std::size_t>(now.total),
          photo = QString::fromStdString(now.detail)] { Q_EMIT progressed(done, total, photo); });
  };
  const auto failed = [this](const FailedPhoto& photo) { tellFailure(photo); };
  for (;;) {
    const ExportOutcome outcome = job.run(tools, newToken(), progress, failed);
    if (outcome.finished || !waitWhilePaused()) return outcome;
  }
}

void ExportRunner::tellFailure(const FailedPhoto& photo) {
  post([this, name = shownName(photo.path), reason = QString::fromStdString(photo.error)] {
    Q_EMIT photoFailed(name, reason);
  });
}

void ExportRunner::tellEarlierFailures(ExportJob& job) {
  const JobFolder& folder = job.folder();
  if (folder.count(ExportRecord::Kind::failed) == 0) return;
  folder.walk([&](const ExportRecord& record) {
    if (record.kind == ExportRecord::Kind::failed)
      tellFailure({folder.photos()[record.number], record.error});
  });
}

}  // namespace inkling
