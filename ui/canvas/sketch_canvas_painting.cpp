// How the canvas paints itself; see sketch_canvas.h.
#include <QPaintEvent>
#include <QPainter>
#include <algorithm>
#include <iterator>
#include <utility>

#include "ui/canvas/sketch_canvas.h"
#include "ui/canvas/stroke_path.h"
#include "ui/theme/theme.h"

namespace inkling {
namespace {

const QColor kPaper(0xff, 0xff, 0xff), kInk(0x1d, 0x1f, 0x23), kEdge(0, 0, 0, 40);

}  // namespace

QImage SketchCanvas::picture(int side) const {
  QImage image(side, side, QImage::Format_RGB32);
  image.fill(kPaper);
  QPainter painter(&image);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.scale(side / SketchDocument::kPage, side / SketchDocument::kPage);
  for (const Stroke& stroke : inkStrokes(document_->sketch())) drawStroke(painter, stroke);
  return image;
}

void SketchCanvas::refreshInk() {
  inkIsOld_ = true;
  update();
}

// The drawing without the strokes that the eraser has touched so far.
Sketch SketchCanvas::shown() const {
  Sketch sketch = document_->sketch();
  std::vector<std::size_t> gone = touched_;
  std::sort(gone.rbegin(), gone.rend());
  for (const std::size_t index : gone)
    sketch.strokes.erase(sketch.strokes.begin() + static_cast<std::ptrdiff_t>(index));
  return sketch;
}

// In units of the page.
double SketchCanvas::penWidth(const Stroke& stroke, std::size_t index) const {
  return stroke.eraser ? eraserWidth(document_->sketch())
                       : lineWidth_ * pressureWidth(stroke, index);
}

void SketchCanvas::drawStroke(QPainter& painter, const Stroke& stroke) const {
  QPen pen(kInk, lineWidth_, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
  if (stroke.pressure.empty()) {
    painter.setPen(pen);
    painter.drawPath(strokePath(stroke));
    return;
  }
  for (std::size_t i = 0; i < stroke.size(); ++i) {
    pen.setWidthF(penWidth(stroke, i));
    painter.setPen(pen);
    painter.drawPath(strokePiece(stroke, i));
  }
}

void SketchCanvas::paintEvent(QPaintEvent* event) {
  if (inkIsOld_ || ink_.deviceIndependentSize().toSize() != size()) {
    ink_ = QPixmap(size() * devicePixelRatioF());
    ink_.setDevicePixelRatio(devicePixelRatioF());
    ink_.fill(Qt::transparent);
    QPainter painter(&ink_);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setTransform(view_.toWidget(), true);
    for (const Stroke& stroke : inkStrokes(shown())) drawStroke(painter, stroke);
    inkIsOld_ = false;
  }
  QPainter painter(this);
  painter.setClipRect(event->rect());
  painter.fillRect(rect(), palette().color(QPalette::Mid));
  const QRectF page = view_.pageInWidget();
  painter.fillRect(page, kPaper);
  if (!tracing_.isNull()) {
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.setOpacity(tracingOpacity_);
    QSizeF fitted(tracing_.size());
    fitted.scale(page.size(), Qt::KeepAspectRatio);
    QRectF place(QPointF(), fitted);
    place.moveCenter(page.center());
    painter.drawImage(place, tracing_);
    painter.setOpacity(1);
  }
  painter.drawPixmap(0, 0, ink_);
  if (line_ && !line_->eraser && line_->size() > 1) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setTransform(view_.toWidget(), true);
    const std::size_t last = line_->size() - 1;
    painter.setPen(QPen(kInk, penWidth(*line_, last), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(strokePiece(*line_, last));
    painter.restore();
  }
  drawEmphasis(painter);
  painter.setPen(kEdge);
  painter.drawRect(page);
  if (hasFocus()) {
    painter.setPen(QPen(palette().color(QPalette::Highlight), 2));
    painter.drawRect(QRectF(rect()).adjusted(1, 1, -1, -1));
  }
}

// Strokes that matter, in the colour of what was found, the stronger the more they do.
void SketchCanvas::drawEmphasis(QPainter& painter) const {
  if (emphasis_.empty() && !hovered_) return;
  const std::vector<Stroke>& strokes = document_->sketch().strokes;
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setTransform(view_.toWidget(), true);
  for (std::size_t i = 0; i < strokes.size(); ++i) {
    const bool hovered = hovered_ == i;
    const float strength = hovered ? 1.0F : i < emphasis_.size() ? emphasis_[i] : 0.0F;
    if (strokes[i].eraser || strength <= 0) continue;
    QColor colour = bestBoxColour();
    colour.setAlphaF(std::clamp(strength, 0.0F, 1.0F));
    painter.setPen(QPen(colour, lineWidth_ * (hovered ? 1.8 : 1.3), Qt::SolidLine, Qt::RoundCap,
                        Qt::RoundJoin));
    // What later erasers took from the stroke is not shown.
    Sketch alone = document_->sketch();
    alone.strokes.assign(1, strokes[i]);
    std::copy_if(strokes.begin() + static_cast<std::ptrdiff_t>(i) + 1, strokes.end(),
                 std::back_inserter(alone.strokes), [](const Stroke& s) { return s.eraser; });
    for (const Stroke& part : inkStrokes(alone)) painter.drawPath(strokePath(part));
  }
  painter.restore();
}

// Adds the newest piece of the line to the layer of ink.
void SketchCanvas::paintPiece(std::size_t index) {
  const QPainterPath piece = strokePiece(*line_, index);
  const double width = penWidth(*line_, index);
  {
    QPainter painter(&ink_);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setTransform(view_.toWidget(), true);
    if (line_->eraser) painter.setCompositionMode(QPainter::CompositionMode_Clear);
    painter.setPen(QPen(kInk, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(piece);
  }
  update(pieceInWidget(index));
}

QRect SketchCanvas::pieceInWidget(std::size_t index) const {
  const double width = penWidth(*line_, index);
  const double margin = width * view_.scale() / 2 + 2;
  return view_.toWidget()
      .mapRect(strokePiece(*line_, index).boundingRect())
      .adjusted(-margin, -margin, margin, margin)
      .toAlignedRect();
}

void SketchCanvas::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  view_.resize(QSizeF(size()));
  refreshInk();
}

}  // namespace inkling
