#include "ui/window/search_controller.h"

#include <QLocale>
#include <algorithm>
#include <limits>

#include "ui/paths/paths.h"

namespace inkling {
namespace {

// Answers of the query before stay in sight while new ones come in, so that photos do not jump at
// every stroke; not for long, and not in large folders, where the new ones take their time.
constexpr int kStaleFor = 1500;  // ms
constexpr std::size_t kFewPhotos = 1000;

// Of the tint of a stroke that speaks least.
constexpr float kFaintest = 0.1F;

double shareOf(SearchProgress::Step step) {
  switch (step) {
    case SearchProgress::Step::kReading:
      return 0.1;
    case SearchProgress::Step::kDescribing:
      return 0.35;
    case SearchProgress::Step::kLocating:
      return 0.9;
    default:
      return 0;
  }
}

}  // namespace

SearchController::SearchController(const Parts& parts, QObject* parent)
    : QObject(parent), parts_(parts) {
  pause_.setSingleShot(true);
  pause_.setInterval(kPause);
  stale_.setSingleShot(true);
  stale_.setInterval(kStaleFor);
  connect(&pause_, &QTimer::timeout, this, &SearchController::askNow);
  connect(&stale_, &QTimer::timeout, this, &SearchController::dropStale);
  connectEngine();
  connectPanels();
  connectStrokes();
}

void SearchController::connectEngine() {
  connect(&engine_, &SearchEngine::loaded, this, [this](const ModelFacts& facts) {
    facts_ = facts;
    Q_EMIT modelLoaded(facts);
  });
  connect(&engine_, &SearchEngine::loadFailed, this, [this](const QString& reason) {
    facts_.reset();
    Q_EMIT modelFailed(reason);
  });
  connect(&engine_, &SearchEngine::queryFailed, this, &SearchController::failed);
  connect(&engine_, &SearchEngine::noticed, this, &SearchController::failed);
  connect(&engine_, &SearchEngine::found, this, &SearchController::take);
  connect(&engine_, &SearchEngine::photoFailed, this,
          [this](std::size_t photo, const QString& reason) {
            if (photo >= parts_.model.photoCount()) return;
            parts_.model.setError(photo, reason);
            job().addFailure(shownName(parts_.model.path(photo).filename()), reason);
          });
  connect(&engine_, &SearchEngine::progressed, this, &SearchController::showProgress);
  connect(&engine_, &SearchEngine::attended, this, [this](const AttentionAnswer& answer) {
    if (answer.photo != parts_.viewer.photo()) return;
    attentionRows_ = answer.rows;
    parts_.viewer.setAttention(answer.maps, answer.drawings);
  });
}

void SearchController::connectPanels() {
  connect(&parts_.stack, &SketchStack::queryChanged, this, &SearchController::queryChanged);
  connect(&parts_.canvas, &SketchCanvas::strokeStarted, this, [this] {
    drawing_ = true;
    pause_.stop();
  });
  connect(&parts_.canvas, &SketchCanvas::strokeEnded, this, [this] {
    drawing_ = false;
    if (dirty_) pause_.start();
  });
  connect(&parts_.gallery, &GalleryPanel::visibleChanged, this,
          [this](const std::vector<std::size_t>& photos) { engine_.setVisible(photos); });
  connect(&parts_.gallery, &GalleryPanel::thresholdChanged, &parts_.viewer,
          &ViewerPanel::setThreshold);
  connect(&parts_.gallery, &GalleryPanel::currentPhotoChanged, this, &SearchController::openPhoto);
  connect(&parts_.viewer, &ViewerPanel::nextPhoto, &parts_.gallery, &GalleryPanel::selectNext);
  connect(&parts_.viewer, &ViewerPanel::previousPhoto, &parts_.gallery,
          &GalleryPanel::selectPrevious);
  connect(&parts_.viewer, &ViewerPanel::photoReplaced, this, [this] {
    const auto current = parts_.gallery.currentPhoto();
    if (!current) return;
    attentionRows_.clear();
    parts_.model.forget(*current);
    engine_.forget(*current);
  });
}

void SearchController::connectStrokes() {
  connect(&parts_.canvas, &SketchCanvas::strokeHovered, this, &SearchController::hoverStroke);
  connect(&parts_.viewer, &ViewerPanel::strokesSpeak, this, &SearchController::emphasise);
}

void SearchController::loadModel(const std::filesystem::path& file,
                                 const LocalizerOptions& options) {
  parts_.model.clearMatches();
  attentionRows_.clear();
  engine_.load(file, options);
}

void SearchController::setPhotos(ListedPhotos& photos) {
  fresh_.assign(photos.paths.size(), false);
  const bool large = photos.paths.size() > kFewPhotos;
  photosRun_ = engine_.setPhotos(std::move(photos.shared), std::move(photos.folders));
  idle_ = false;
  parts_.model.setPhotos(std::move(photos.paths));
  if (job_) job_->forgetFailures();
  if (large || !asked_) parts_.model.clearMatches();
  if (asked_) stale_.start();
}

// The question ----------------------------------------------------------------------------------

void SearchController::queryChanged() {
  dirty_ = true;
  attentionRows_.clear();  // they belong to strokes that may be gone
  parts_.canvas.setEmphasis({});
  if (!drawing_) pause_.start();
}

void SearchController::askNow() {
  pause_.stop();
  dirty_ = false;
  DrawnQuery query = parts_.stack.query();
  asked_ = !query.empty();
  fresh_.assign(parts_.model.photoCount(), false);
  if (!asked_) {
    stale_.stop();
    parts_.model.clearMatches();
    parts_.viewer.setDetections({});
    parts_.viewer.setAttention(nullptr, {});
  } else if (parts_.model.photoCount() > kFewPhotos) {
    parts_.model.clearMatches();
  } else {
    stale_.start();
  }
  parts_.model.setSearchOver(false);
  query_ = engine_.setQuery(std::move(query));
  idle_ = false;
}

void SearchController::dropStale() {
  for (std::size_t i = 0; i < std::min(fresh_.size(), parts_.model.photoCount()); ++i) {
    if (!fresh_[i] && parts_.model.match(i)) parts_.model.forget(i);
  }
  showDetections();
}

bool SearchController::isIdle() const { return !dirty_ && !pause_.isActive() && idle_; }

// The answers -----------------------------------------------------------------------------------

void SearchController::take(const FoundMatches& matches) {
  const auto current = parts_.gallery.currentPhoto();
  bool shown = false;
  for (const auto& [photo, match] : matches) {
    if (photo >= parts_.model.photoCount()) continue;
    if (photo < fresh_.size()) fresh_[photo] = true;
    parts_.model.setMatch(photo, match);
    shown = shown || photo == current;
  }
  if (shown) showDetections();
}

void SearchController::openPhoto(std::optional<std::size_t> photo) {
  const std::filesystem::path path = photo ? parts_.model.path(*photo) : std::filesystem::path();
  if (path == opened_) return;
  opened_ = path;
  attentionRows_.clear();
  parts_.canvas.setEmphasis({});
  if (photo) {
    parts_.viewer.showPhoto(path);
    // Attention always comes along: hovering a stroke shows it without switching anything on.
    engine_.setOpen(path, true);
  } else {
    parts_.viewer.clear();
    engine_.setOpen({}, false);
  }
  showDetections();
}

void SearchController::showDetections() {
  const auto current = parts_.gallery.currentPhoto();
  if (!current || parts_.model.path(*current) != parts_.viewer.photo()) return;
  const std::optional<PhotoMatch>& match = parts_.model.match(*current);
  parts_.viewer.setThreshold(parts_.gallery.threshold());
  parts_.viewer.setDetections(match ? match->boxes : std::vector<ScoredBox>());
}

Job& SearchController::job() {
  if (!job_) {
    job_ = parts_.jobs.add({});
    connect(job_, &Job::pauseRequested, this, &SearchController::setPaused);
    connect(job_, &Job::cancelRequested, this, &SearchController::cancel);
  }
  return *job_;
}

void SearchController::showProgress(const SearchProgress& progress) {
  // What was being done before the last question is over soon, and nobody waits for it.
  const bool current = progress.photos == photosRun_ && progress.query == query_;
  idle_ = current && (progress.kind == SearchProgress::Kind::kIdle || progress.paused);
  if (progress.kind == SearchProgress::Kind::kIdle) {
    if (current) showEnd(progress);
    return;
  }
  // A photo that was passed over has come into sight: no new search.
  const bool late = progress.run == jobRun_ && progress.done == progress.total;
  if (late && job_ && job_->state() == Job::State::kDone) return;
  Job& now = job();
  if (progress.run != jobRun_ || !now.isActive()) now.restart();
  jobRun_ = progress.run;
  now.setTitle(progress.kind == SearchProgress::Kind::kSearching ? tr("Search") : tr("Indexing"));
  now.setProgress(progress.done, progress.total);
  now.setInHand(shownName(progress.photo.filename()), shareOf(progress.step));
  now.setPaused(progress.paused);
}

void SearchController::showEnd(const SearchProgress& progress) {
  if (job_ && job_->isActive() && progress.run == jobRun_) {
    job_->setProgress(progress.done, progress.total);
    const auto total = static_cast<int>(progress.total);
    const auto looked = static_cast<qulonglong>(progress.done - progress.passed);
    job_->finish(Job::State::kDone,
                 progress.passed > 0
                     ? tr("Looked closely at %1 of %Ln photos", nullptr, total)
                           .arg(QLocale().toString(looked))
                     : tr("%n photo(s) looked at", nullptr, static_cast<int>(progress.done)));
  }
  if (progress.done != progress.total) return;
  if (stale_.isActive()) {
    stale_.stop();
    dropStale();
  }
  parts_.model.setSearchOver(asked_ && progress.passed > 0);
}

void SearchController::setPaused(bool paused) {
  if (paused == paused_) return;
  paused_ = paused;
  engine_.setPaused(paused);
  if (job_) job_->setPaused(paused);
  Q_EMIT pausedChanged(paused);
}

void SearchController::cancel() {
  setPaused(false);
  engine_.cancel();
  if (job_ && job_->isActive()) job_->finish(Job::State::kCancelled);
}

FindReport SearchController::report() const {
  FindReport report;
  report.threshold = parts_.gallery.threshold();
  const PhotoModel& model = parts_.model;
  for (std::size_t i = 0; i < model.photoCount(); ++i) {
    const std::size_t shown = model.match(i) ? model.boxesShown(i) : 0;
    if (shown == 0) continue;
    FoundPhoto photo;
    photo.path = model.path(i);
    photo.score = model.match(i)->score;
    photo.size = model.match(i)->photo;
    photo.boxes.assign(model.match(i)->boxes.begin(),
                       model.match(i)->boxes.begin() + static_cast<std::ptrdiff_t>(shown));
    report.photos.push_back(std::move(photo));
  }
  report.sortAndKeep(0);
  return report;
}

// Strokes and places ----------------------------------------------------------------------------

// The number, among the drawings of the maps, of the drawing on the canvas.
std::optional<std::size_t> SearchController::sketchOfCanvas() const {
  const auto found =
      std::find(attentionRows_.begin(), attentionRows_.end(), parts_.stackPanel.currentRow());
  if (found == attentionRows_.end()) return {};
  return static_cast<std::size_t>(found - attentionRows_.begin());
}

void SearchController::hoverStroke(std::optional<std::size_t> stroke) {
  const auto sketch = sketchOfCanvas();
  if (stroke && sketch) return parts_.viewer.showStroke(std::pair(*sketch, *stroke));
  parts_.viewer.showStroke({});
}

void SearchController::emphasise(const std::vector<std::vector<float>>& shares) {
  const auto sketch = sketchOfCanvas();
  if (!sketch || *sketch >= shares.size()) return parts_.canvas.setEmphasis({});
  // From the stroke that speaks least for the place to the one that speaks most, whatever the
  // drawing: the differences are small beside the values.
  float least = std::numeric_limits<float>::max(), most = 0;
  for (const auto& strokes : shares) {
    for (const float share : strokes) {
      if (share <= 0) continue;  // an eraser
      least = std::min(least, share);
      most = std::max(most, share);
    }
  }
  std::vector<float> strengths = shares[*sketch];
  for (float& strength : strengths) {
    const float lead = most > least ? (strength - least) / (most - least) : 1.0F;
    strength = strength > 0 ? kFaintest + (1 - kFaintest) * lead : 0;
  }
  parts_.canvas.setEmphasis(std::move(strengths));
}

}  // namespace inkling
