#include "ui/canvas/sketch_canvas.h"

#include <QClipboard>
#include <QDragEnterEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPaintEvent>
#include <QPainter>
#include <QTabletEvent>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/error.h"
#include "ui/canvas/sketch_mime.h"
#include "ui/canvas/stroke_path.h"

namespace inkling {
namespace {

constexpr double kThinnest = 1, kThickest = 80;
constexpr double kReach = 10;        // of the stroke eraser, pixels of the widget
constexpr double kWheelZoom = 1.15;  // a notch of the wheel
constexpr qint64 kPalm = 700;        // ms after the pen in which fingers do not draw
constexpr double kNear = 0.4;        // pixels: closer points tell nothing new

bool isFinger(const QMouseEvent& event) { return event.source() != Qt::MouseEventNotSynthesized; }

}  // namespace

SketchCanvas::SketchCanvas(SketchDocument& document, QWidget* parent)
    : QWidget(parent), document_(&document) {
  setFocusPolicy(Qt::StrongFocus);
  setAcceptDrops(true);
  setAttribute(Qt::WA_OpaquePaintEvent);
  describe();
  setMouseTracking(true);
  connect(document_, &SketchDocument::changed, this, &SketchCanvas::documentChanged);
  updateCursor();
}

void SketchCanvas::describe() {
  setAccessibleName(tr("Drawing"));
  setAccessibleDescription(tr("Draw here what you want to find"));
}

void SketchCanvas::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) describe();
  QWidget::changeEvent(event);
}

void SketchCanvas::setDocument(SketchDocument& document) {
  if (&document == document_) return;
  abandon();
  document_->disconnect(this);
  document_ = &document;
  connect(document_, &SketchDocument::changed, this, &SketchCanvas::documentChanged);
  documentChanged();
}

void SketchCanvas::documentChanged() {
  // An undo while the stroke eraser is down: what it touched may have other numbers now.
  touched_.clear();
  emphasis_.clear();
  setHovered({});
  refreshInk();
}

void SketchCanvas::setEmphasis(std::vector<float> strokes) {
  if (strokes.empty() && emphasis_.empty()) return;
  emphasis_ = std::move(strokes);
  update();
}

void SketchCanvas::setTool(Tool tool) {
  if (tool == tool_) return;
  abandon();
  tool_ = tool;
  updateCursor();
  Q_EMIT toolChanged(tool);
}

void SketchCanvas::setLineWidth(double width) {
  lineWidth_ = std::clamp(width, kThinnest, kThickest);
  refreshInk();
}

void SketchCanvas::setTracing(const QImage& photo, double opacity) {
  tracing_ = photo;
  tracingOpacity_ = std::clamp(opacity, 0.0, 1.0);
  update();
}

void SketchCanvas::setZoom(double zoom) {
  view_.zoomTo(zoom, rect().center());
  refreshInk();
  Q_EMIT viewChanged();
}

void SketchCanvas::resetView() {
  view_.reset();
  refreshInk();
  Q_EMIT viewChanged();
}

// Drawings that come and go ----------------------------------------------------------------------

void SketchCanvas::copy() const {
  constexpr int kSide = 512;
  QGuiApplication::clipboard()->setMimeData(
      toMimeData(document_->sketch(), picture(kSide)).release());
}

void SketchCanvas::paste() { take(*QGuiApplication::clipboard()->mimeData(), tr("paste")); }

void SketchCanvas::dragEnterEvent(QDragEnterEvent* event) {
  if (maySketch(*event->mimeData())) event->acceptProposedAction();
}

void SketchCanvas::dropEvent(QDropEvent* event) {
  take(*event->mimeData(), tr("drop"));
  event->acceptProposedAction();
}

void SketchCanvas::take(const QMimeData& mime, const QString& label) {
  abandon();
  try {
    document_->replaceWith(sketchFromMimeData(mime), label);
  } catch (const Error& error) {
    Q_EMIT refused(QString::fromStdString(error.what()));
  }
}

// The pen --------------------------------------------------------------------------------------

void SketchCanvas::press(QPointF at, double pressure, bool eraser) {
  setHovered({});
  penDown_ = true;
  if (tool_ == Tool::kHand || space_) {
    held_ = at;
    updateCursor();
  } else if (tool_ == Tool::kStrokeEraser && !eraser) {
    touched_.clear();
    touchStrokes(at, at);
  } else {
    startLine(at, pressure, eraser || tool_ == Tool::kEraser);
  }
}

void SketchCanvas::moveTo(QPointF at, double pressure) {
  if (held_) {
    panTo(at);
  } else if (line_) {
    const QPointF page = view_.toPage(at);
    if (farFromEnd(page)) extendLine(steady_.next(page), pressure);
  } else if (penDown_) {
    touchStrokes(eraserAt_, at);
  }
}

void SketchCanvas::release() {
  penDown_ = false;
  if (held_) {
    held_.reset();
    updateCursor();
  } else if (line_) {
    const double pressure = line_->pressure.empty() ? -1 : line_->pressure.back();
    if (farFromEnd(steady_.finish())) extendLine(steady_.finish(), pressure);
    paintPiece(line_->size() - 1);
    Stroke finished = std::move(*line_);
    line_.reset();
    document_->addStroke(std::move(finished));
    Q_EMIT strokeEnded();
  } else if (!touched_.empty()) {
    document_->removeStrokes(std::exchange(touched_, {}));
    Q_EMIT strokeEnded();
  }
}

// Forgets what is under way; the drawing stays as it was.
void SketchCanvas::abandon() {
  if (line_ || penDown_) {
    line_.reset();
    touched_.clear();
    held_.reset();
    penDown_ = false;
    refreshInk();
    Q_EMIT strokeEnded();
  }
}

void SketchCanvas::startLine(QPointF at, double pressure, bool eraser) {
  // A layer that waits for its repainting would lose the first pieces.
  if (inkIsOld_) repaint();
  const QPointF page = view_.toPage(at);
  steady_ = Stabiliser(eraser ? 0 : steadiness_);
  steady_.start(page);
  clock_.start();
  line_.emplace();
  line_->eraser = eraser;
  Q_EMIT strokeStarted();
  extendLine(page, pressure);
}

void SketchCanvas::extendLine(QPointF page, double pressure) {
  line_->x.push_back(static_cast<float>(page.x()));
  line_->y.push_back(static_cast<float>(page.y()));
  line_->t.push_back(static_cast<float>(clock_.elapsed()));
  if (pressure >= 0) line_->pressure.push_back(static_cast<float>(pressure));
  const std::size_t count = line_->size();
  if (count == 1) return paintPiece(0);
  // The newest piece bends when the next point comes: until then it is drawn over the layer.
  paintPiece(count - 2);
  const QRect newest = pieceInWidget(count - 1);
  update(newest.united(std::exchange(tail_, newest)));
}

bool SketchCanvas::farFromEnd(QPointF page) const {
  const QPointF gap = page - pointOf(*line_, line_->size() - 1);
  return std::hypot(gap.x(), gap.y()) * view_.scale() >= kNear;
}

// What lies on the way of the stroke eraser, in steps that miss nothing.
void SketchCanvas::touchStrokes(QPointF from, QPointF to) {
  const QPointF way = to - from;
  const int steps = 1 + static_cast<int>(std::hypot(way.x(), way.y()) / (kReach / 2));
  for (int i = 1; i <= steps; ++i) touchAt(view_.toPage(from + way * i / steps));
  eraserAt_ = to;
}

void SketchCanvas::touchAt(QPointF page) {
  const std::vector<Stroke>& strokes = document_->sketch().strokes;
  for (std::size_t i = 0; i < strokes.size(); ++i) {
    const bool known = std::find(touched_.begin(), touched_.end(), i) != touched_.end();
    if (known || strokes[i].eraser) continue;
    if (distanceTo(strokes[i], page) > kReach / view_.scale() + lineWidth_ / 2) continue;
    touched_.push_back(i);
    refreshInk();
  }
}

void SketchCanvas::panTo(QPointF at) {
  view_.pan(at - *held_);
  held_ = at;
  refreshInk();
  Q_EMIT viewChanged();
}

// Which stroke the pointer rests on ---------------------------------------------------------------

void SketchCanvas::hoverAt(QPointF at) {
  const QPointF page = view_.toPage(at);
  const std::vector<Stroke>& strokes = document_->sketch().strokes;
  std::optional<std::size_t> nearest;
  double reach = kReach / view_.scale() + lineWidth_ / 2;
  for (std::size_t i = 0; i < strokes.size(); ++i) {
    const double distance = strokes[i].eraser ? reach : distanceTo(strokes[i], page);
    if (distance < reach) {
      reach = distance;
      nearest = i;
    }
  }
  setHovered(nearest);
}

void SketchCanvas::setHovered(std::optional<std::size_t> stroke) {
  if (stroke == hovered_) return;
  hovered_ = stroke;
  update();
  Q_EMIT strokeHovered(stroke);
}

// To the next (or previous) stroke that is no eraser; behind the last one comes none.
void SketchCanvas::stepHovered(int by) {
  const auto count = static_cast<int>(document_->sketch().strokes.size());
  int at = hovered_ ? static_cast<int>(*hovered_) : (by > 0 ? -1 : count);
  do at += by;
  while (at >= 0 && at < count && document_->sketch().strokes[static_cast<std::size_t>(at)].eraser);
  if (at < 0 || at >= count) return setHovered({});
  setHovered(static_cast<std::size_t>(at));
}

// Events ---------------------------------------------------------------------------------------

void SketchCanvas::mousePressEvent(QMouseEvent* event) {
  if (isFinger(*event) && penSeen_.isValid() && penSeen_.elapsed() < kPalm) return;
  if (event->button() == Qt::MiddleButton) {
    held_ = event->position();
    penDown_ = true;
    updateCursor();
  } else if (event->button() == Qt::LeftButton && !penDown_) {
    press(event->position(), -1, false);
  } else if (event->button() == Qt::RightButton) {
    // The other button takes back a line that went wrong.
    abandon();
  }
}

void SketchCanvas::mouseMoveEvent(QMouseEvent* event) {
  if (penDown_) return moveTo(event->position(), -1);
  hoverAt(event->position());
}

void SketchCanvas::mouseReleaseEvent(QMouseEvent* event) {
  if (penDown_ && event->button() != Qt::RightButton) release();
}

void SketchCanvas::tabletEvent(QTabletEvent* event) {
  penSeen_.start();
  const bool eraser = event->pointerType() == QPointingDevice::PointerType::Eraser;
  if (event->type() == QEvent::TabletPress && event->button() == Qt::LeftButton) {
    press(event->position(), event->pressure(), eraser);
  } else if (event->type() == QEvent::TabletMove && penDown_) {
    moveTo(event->position(), event->pressure());
  } else if (event->type() == QEvent::TabletRelease && penDown_) {
    release();
  }
  event->accept();
}

void SketchCanvas::wheelEvent(QWheelEvent* event) {
  const double notches = event->angleDelta().y() / 120.0;
  if (notches == 0 || line_) return;
  view_.zoomTo(view_.zoom() * std::pow(kWheelZoom, notches), event->position());
  refreshInk();
  Q_EMIT viewChanged();
  event->accept();
}

void SketchCanvas::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape && (line_ || penDown_)) {
    abandon();
  } else if (event->key() == Qt::Key_Space && !event->isAutoRepeat()) {
    space_ = true;
    updateCursor();
  } else if (event->key() == Qt::Key_BracketRight || event->key() == Qt::Key_BracketLeft) {
    stepHovered(event->key() == Qt::Key_BracketRight ? 1 : -1);
  } else {
    QWidget::keyPressEvent(event);
  }
}

void SketchCanvas::keyReleaseEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Space && !event->isAutoRepeat()) {
    space_ = false;
    updateCursor();
  } else {
    QWidget::keyReleaseEvent(event);
  }
}

void SketchCanvas::leaveEvent(QEvent* event) {
  // A space key that is let go over another window is never heard of.
  space_ = false;
  setHovered({});
  updateCursor();
  QWidget::leaveEvent(event);
}

void SketchCanvas::updateCursor() {
  if (held_) return setCursor(Qt::ClosedHandCursor);
  if (tool_ == Tool::kHand || space_) return setCursor(Qt::OpenHandCursor);
  setCursor(tool_ == Tool::kPen ? Qt::CrossCursor : Qt::PointingHandCursor);
}

}  // namespace inkling
