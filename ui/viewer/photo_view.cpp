#include "ui/viewer/photo_view.h"

#include <QLocale>
#include <algorithm>
#include <cmath>
#include <utility>

#include "core/image/overlay.h"
#include "ui/viewer/box_painter.h"

namespace inkling {
namespace {

constexpr double kStep = 1.25;     // of the zoom, a button or key
constexpr int kPatience = 150;     // ms until a photo on its way is worth a word
constexpr int kOverlaySide = 640;  // longer side of the coloured map, which is smooth anyway

}  // namespace

PhotoView::PhotoView(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setAttribute(Qt::WA_OpaquePaintEvent);
  patience_.setSingleShot(true);
  patience_.setInterval(kPatience);
  connect(&patience_, &QTimer::timeout, this, qOverload<>(&QWidget::update));
  describe();
}

// Photos and what stands in their place ---------------------------------------------------------

void PhotoView::setPhoto(LoadedPhoto photo) {
  geometry_.setPhoto(photo.full);
  take(std::move(photo));
}

void PhotoView::replacePhoto(LoadedPhoto photo) {
  geometry_.replacePhoto(photo.full);
  take(std::move(photo));
}

void PhotoView::take(LoadedPhoto photo) {
  photo_ = std::move(photo);
  setState(State::kPhoto, {});
}

void PhotoView::showEmpty() {
  photo_ = {};
  setState(State::kEmpty, {});
}

void PhotoView::showLoading(const QString& name) {
  photo_ = {};
  patience_.start();
  setState(State::kLoading, name);
}

void PhotoView::showFailure(const QString& reason) {
  photo_ = {};
  setState(State::kFailed, reason);
}

void PhotoView::setState(State state, const QString& text) {
  if (state != State::kLoading) patience_.stop();
  state_ = state;
  text_ = text;
  notes_.clear();
  map_.reset();
  coloured_ = {};
  boxes_.clear();
  hold_ = Hold::kNothing;
  refreshShown();
  refreshView();
  unsetCursor();
}

void PhotoView::setNotes(const QStringList& notes) {
  notes_ = notes;
  describe();
  update();
}

// Boxes ------------------------------------------------------------------------------------------

void PhotoView::setDetections(std::vector<ScoredBox> boxes) {
  boxes_ = std::move(boxes);
  refreshShown();
}

void PhotoView::setThreshold(double threshold) {
  if (threshold == threshold_) return;
  threshold_ = threshold;
  refreshShown();
}

void PhotoView::setBoxesOn(bool on) {
  if (on == boxesOn_) return;
  boxesOn_ = on;
  refreshShown();
}

// Keeps the selected box selected, if it is still among those that are shown.
void PhotoView::refreshShown() {
  std::optional<ScoredBox> chosen;
  if (selected_ >= 0) chosen = shown_[static_cast<std::size_t>(selected_)];
  shown_.clear();
  if (boxesOn_) {
    std::copy_if(boxes_.begin(), boxes_.end(), std::back_inserter(shown_),
                 [this](const ScoredBox& box) { return box.score >= threshold_; });
  }
  hovered_ = -1;
  const auto found = chosen ? std::find(shown_.begin(), shown_.end(), *chosen) : shown_.end();
  const int now = found == shown_.end() ? -1 : static_cast<int>(found - shown_.begin());
  const bool changed = now != std::exchange(selected_, now);
  describe();
  update();
  if (changed) Q_EMIT selectionChanged(selected_);
}

void PhotoView::select(int box) {
  if (box < 0 || box >= static_cast<int>(shown_.size())) box = -1;
  if (box == selected_) return;
  selected_ = box;
  describe();
  update();
  Q_EMIT selectionChanged(box);
}

void PhotoView::step(int by) {
  const int count = static_cast<int>(shown_.size());
  if (count == 0) return;
  const int from = selected_ >= 0 ? selected_ : (by > 0 ? -1 : 0);
  hovered_ = -1;
  select((from + by + count) % count);
  geometry_.show(toRect(shown_[static_cast<std::size_t>(selected_)].box));
  refreshView();
}

int PhotoView::boxAt(QPointF at) const {
  if (split_ && at.x() < dividerX()) return -1;
  const QPointF place = geometry_.toPhoto(at);
  int best = -1;
  for (int i = 0; i < static_cast<int>(shown_.size()); ++i) {
    const Box& box = shown_[static_cast<std::size_t>(i)].box;
    if (!toRect(box).contains(place)) continue;
    if (best < 0 || box.area() < shown_[static_cast<std::size_t>(best)].box.area()) best = i;
  }
  return best;
}

void PhotoView::describe() {
  setAccessibleName(tr("Photo"));
  const int count = static_cast<int>(shown_.size());
  QStringList text;
  if (state_ == State::kEmpty) {
    text << tr("No photo is shown.");
  } else if (state_ == State::kLoading) {
    text << tr("%1 is being loaded.").arg(text_);
  } else if (state_ == State::kFailed) {
    text << tr("This photo cannot be shown.") << text_;
  } else {
    text << (count == 0   ? tr("No box is shown.")
             : count == 1 ? tr("One box is shown.")
                          : tr("%n boxes are shown.", nullptr, count));
    if (selected_ >= 0) {
      text << tr("Box %1 is selected, its score is %2.")
                  .arg(selected_ + 1)
                  .arg(scoreText(shown_[static_cast<std::size_t>(selected_)].score));
    }
    text << notes_;
  }
  setAccessibleDescription(text.join(QLatin1Char(' ')));
}

// Heat map --------------------------------------------------------------------------------------

void PhotoView::setOverlay(std::optional<HeatMap> map) {
  if (map) normalised(*map);  // throws here rather than when it is painted
  if (map && map_ && map->width == map_->width && map->values == map_->values) return;
  map_ = std::move(map);
  coloured_ = {};
  update();
}

void PhotoView::setMarks(OverlayMarks marks) {
  if (marks.empty() && marks_.empty()) return;
  marks_ = std::move(marks);
  update();
}

std::optional<float> PhotoView::overlayAt(QPointF place) const {
  if (!map_) return std::nullopt;
  const auto cell = [](double share, int cells) {
    return std::clamp(static_cast<int>(share * cells), 0, cells - 1);
  };
  const int x = cell(place.x() / geometry_.photo().width(), map_->width);
  const int y = cell(place.y() / geometry_.photo().height(), map_->height);
  return map_->values[static_cast<std::size_t>(y * map_->width + x)];
}

void PhotoView::setColourMap(ColourMap colours) {
  if (colours == colours_) return;
  colours_ = colours;
  coloured_ = {};
  update();
}

void PhotoView::setOpacity(double opacity) {
  opacity_ = std::clamp(opacity, 0.0, 1.0);
  update();
}

const QImage& PhotoView::colouredOverlay() {
  if (coloured_.isNull() && map_ && hasPhoto()) {
    QSize size = photo_.full.scaled(kOverlaySide, kOverlaySide, Qt::KeepAspectRatio);
    size = size.expandedTo({1, 1});
    coloured_ = toQImage(colouredMap(*map_, {size.width(), size.height()}, colours_));
  }
  return coloured_;
}

PhotoPicture PhotoView::snapshot() const {
  if (!hasPhoto()) return {};
  PhotoPicture parts;
  parts.photo = photo_.levels.front();
  parts.full = photo_.full;
  parts.opacity = opacity_;
  parts.marks = marks_;
  parts.boxes = shown_;
  parts.emphasised = selected_;
  parts.font = font();
  parts.overlay = const_cast<PhotoView*>(this)->colouredOverlay();
  return parts;
}

// Zoom ------------------------------------------------------------------------------------------

QString PhotoView::zoomText() const {
  const double percent = 100 * zoom();
  return tr("%1%").arg(QLocale().toString(percent, 'f', percent < 10 ? 1 : 0));
}

void PhotoView::zoomIn() { zoomBy(kStep, rect().center()); }
void PhotoView::zoomOut() { zoomBy(1 / kStep, rect().center()); }

void PhotoView::fit() {
  geometry_.fit();
  refreshView();
}

void PhotoView::actualSize() {
  geometry_.zoomTo(1, rect().center());
  refreshView();
}

void PhotoView::zoomBy(double factor, QPointF anchor) {
  if (!hasPhoto()) return;
  const double before = zoom(), wanted = before * factor;
  // The photo's own pixels are a station that no single step passes by.
  const bool one = factor < 1.3 && factor > 1 / 1.3;
  const bool passes = one && ((before < 0.999 && wanted > 1) || (before > 1.001 && wanted < 1));
  geometry_.zoomTo(passes ? 1 : wanted, anchor);
  refreshView();
}

void PhotoView::refreshView() {
  renderedIsOld_ = true;
  update();
  Q_EMIT viewChanged();
}

// The divider -----------------------------------------------------------------------------------

void PhotoView::setSplit(bool on) {
  split_ = on;
  update();
}

void PhotoView::setSplitAt(double share) {
  splitAt_ = std::clamp(share, 0.02, 0.98);
  update();
}

}  // namespace inkling
