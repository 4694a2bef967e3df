#include "ui/viewer/viewer_panel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <algorithm>
#include <cmath>

#include "ui/paths/paths.h"

namespace inkling {

// Photos ----------------------------------------------------------------------------------------

void ViewerPanel::showPhoto(const std::filesystem::path& path) {
  if (path.empty()) return clear();
  if (path == path_ && (view_->hasPhoto() || loader_.isLoading())) return;
  path_ = path;
  dropResults();
  load(Load::kNew);
}

void ViewerPanel::reload() {
  if (!path_.empty()) load(Load::kAgain);
}

void ViewerPanel::clear() {
  path_.clear();
  loader_.cancel();
  watch_.watch({});
  dropResults();
  view_->showEmpty();
  status_->setPhoto({}, {});
  refreshTools();
}

void ViewerPanel::load(Load why) {
  // A replaced file stays replaced, whatever else asks for it before it is read.
  if (why == Load::kAgain && loader_.isLoading()) why = why_;
  why_ = view_->hasPhoto() ? why : Load::kNew;
  // What is written from now on is heard of, even while the photo is being read.
  watch_.watch(path_);
  if (why_ == Load::kNew) {
    const QString name = shownName(path_.filename());
    view_->showLoading(name);
    status_->setPhoto(name, {});
    refreshTools();
  }
  loader_.load(path_);
}

void ViewerPanel::take(const LoadedPhoto& photo) {
  if (why_ == Load::kReplaced) dropResults();
  if (why_ == Load::kNew) {
    view_->setPhoto(photo);
  } else {
    view_->replacePhoto(photo);
  }
  view_->setDetections(boxes_);
  status_->setPhoto(photo.name(), photo.full);
  refreshOverlay();
  refreshNotes();
  refreshTools();
  Q_EMIT photoShown();
  if (why_ == Load::kReplaced) Q_EMIT photoReplaced(path_);
}

void ViewerPanel::refuse(const QString& reason) {
  // What is seen is worth more than a message in its place.
  if (view_->hasPhoto()) return refreshNotes(reason);
  view_->showFailure(reason);
  refreshTools();
}

void ViewerPanel::dropResults() {
  boxes_.clear();
  stroke_.reset();
  view_->setDetections({});
  setAttention(nullptr, {});
}

void ViewerPanel::refreshNotes(const QString& trouble) {
  trouble_ = trouble;
  QStringList notes;
  if (view_->photo().isReduced()) notes << view_->photo().reducedNote();
  if (!watch_.isThere()) {
    notes << tr("The file is gone from the disk.");
  } else if (!trouble.isEmpty()) {
    notes << trouble;
  }
  view_->setNotes(notes);
}

// Results ---------------------------------------------------------------------------------------

void ViewerPanel::setDetections(const std::vector<ScoredBox>& boxes) {
  boxes_ = boxes;
  if (view_->hasPhoto()) view_->setDetections(boxes_);
  refreshTools();
}

void ViewerPanel::setThreshold(double threshold) {
  view_->setThreshold(threshold);
  refreshTools();
}

void ViewerPanel::setAttention(std::shared_ptr<const AttentionMaps> maps,
                               const std::vector<Sketch>& drawings) {
  source_.set(std::move(maps), drawings);
  attention_->setShape(source_.layers(), source_.heads());
  refreshOverlay();
  if (!source_.hasMaps()) listen(std::nullopt);
}

void ViewerPanel::showStroke(std::optional<std::pair<std::size_t, std::size_t>> sketchAndStroke) {
  if (sketchAndStroke == stroke_) return;
  stroke_ = sketchAndStroke;
  refreshOverlay();
}

void ViewerPanel::refreshOverlay() {
  const AttentionChoice choice = attention_->choice();
  std::optional<HeatMap> map;
  if (stroke_) map = source_.strokeMap(stroke_->first, stroke_->second, choice);
  OverlayMarks marks;
  if (!map && attentionOn()) {
    map = source_.map(choice, place_);
    marks = source_.marks(choice, place_);
  }
  attention_->setRange(map);
  view_->setColourMap(attention_->colourMap());
  view_->setOpacity(attention_->opacity());
  if (!view_->hasPhoto()) return;
  view_->setOverlay(std::move(map));
  view_->setMarks(std::move(marks));
}

// Between places, the map is of the place under the pointer.
void ViewerPanel::follow(std::optional<QPointF> place) {
  const auto before = source_.cellOf(place_);
  place_.reset();
  if (place) {
    const QSize full = view_->photo().full;
    place_ = {place->x() / full.width(), place->y() / full.height()};
  }
  if (source_.cellOf(place_) == before) return;
  if (attentionOn() && attention_->choice().kind == AttentionChoice::Kind::kBetween)
    refreshOverlay();
}

void ViewerPanel::listen(std::optional<QPointF> place) {
  follow(place);
  status_->setPointer(place, place ? view_->overlayAt(*place) : std::nullopt);
  std::vector<std::vector<float>> shares;
  if (place && source_.hasMaps()) {
    const QSize full = view_->photo().full;
    shares = source_.strokesAt(place->x() / full.width(), place->y() / full.height(),
                               attention_->choice());
  }
  // Silence is told once.
  if (shares.empty() && !speaking_) return;
  speaking_ = !shares.empty();
  Q_EMIT strokesSpeak(shares);
}

void ViewerPanel::refreshTools() {
  for (QAction* tool : needPhoto_) tool->setEnabled(view_->hasPhoto());
  for (QAction* tool : needBoxes_) tool->setEnabled(!view_->shownBoxes().empty());
  status_->setZoom(view_->hasPhoto() ? view_->zoomText() : QString());
}

// Pictures --------------------------------------------------------------------------------------

void ViewerPanel::copyPicture() {
  if (view_->hasPhoto()) maker_.make(view_->snapshot());
}

bool ViewerPanel::savePicture(const std::filesystem::path& path) {
  if (!view_->hasPhoto()) return false;
  maker_.save(view_->snapshot(), path);
  return true;
}

// Settings --------------------------------------------------------------------------------------

QVariantMap ViewerPanel::state() const {
  return {{QStringLiteral("boxes"), boxesOn()},
          {QStringLiteral("attentionOn"), attentionOn()},
          {QStringLiteral("split"), split()},
          {QStringLiteral("splitAt"), view_->splitAt()},
          {QStringLiteral("attention"), attention_->saveState()}};
}

void ViewerPanel::restore(const QVariantMap& state) {
  setBoxesOn(state.value(QStringLiteral("boxes"), true).toBool());
  setSplit(state.value(QStringLiteral("split"), false).toBool());
  bool ok = false;
  const double at = state.value(QStringLiteral("splitAt")).toDouble(&ok);
  if (ok && std::isfinite(at)) view_->setSplitAt(at);
  attention_->restoreState(state.value(QStringLiteral("attention")).toMap());
  setAttentionOn(state.value(QStringLiteral("attentionOn"), false).toBool());
}

}  // namespace inkling
