// The paper that one draws on: pen, two erasers, a hand to move the paper, zoom, and a faint photo
// to trace. Pen pressure comes from tablets; a finger that rests on the screen while a pen is near
// does not draw.
//
// Painting: finished strokes lie in a layer that is drawn anew only when the drawing or the view
// changes; while the pen moves, only the new piece of its line is added to the layer, and only its
// surroundings are repainted.
#pragma once

#include <QElapsedTimer>
#include <QImage>
#include <QMimeData>
#include <QPixmap>
#include <QWidget>
#include <optional>

#include "ui/canvas/page_view.h"
#include "ui/canvas/sketch_document.h"
#include "ui/canvas/stabiliser.h"

namespace inkling {

class SketchCanvas : public QWidget {
  Q_OBJECT

 public:
  enum class Tool {
    kPen,
    kEraser,        ///< takes away what it passes over
    kStrokeEraser,  ///< takes away every stroke that it touches
    kHand,          ///< moves the paper
  };

  /// `document` outlives the canvas, or another one is set before it goes.
  explicit SketchCanvas(SketchDocument& document, QWidget* parent = nullptr);

  /// Another drawing to show and to edit; a line under way is given up.
  void setDocument(SketchDocument& document);
  SketchDocument& document() const { return *document_; }

  Tool tool() const { return tool_; }
  void setTool(Tool tool);
  /// Of the pen, in units of the page, 1 .. 80. How thick lines look; what is found does not depend
  /// on it.
  double lineWidth() const { return lineWidth_; }
  void setLineWidth(double width);
  /// 0 .. 1, see Stabiliser.
  double steadiness() const { return steadiness_; }
  void setSteadiness(double strength) { steadiness_ = strength; }
  /// A photo below the drawing, `opacity` 0 .. 1; a null image takes it away.
  void setTracing(const QImage& photo, double opacity = 0.3);
  bool hasTracing() const { return !tracing_.isNull(); }

  double zoom() const { return view_.zoom(); }
  void setZoom(double zoom);
  void resetView();
  /// Where a point of the page is in the widget.
  QPointF fromPage(QPointF page) const { return view_.toWidget().map(page); }

  /// How much each stroke matters at the moment, 0 .. 1 by its number: the strokes are tinted by
  /// it. An empty list takes the tint away.
  void setEmphasis(std::vector<float> strokes);
  const std::vector<float>& emphasis() const { return emphasis_; }

  void copy() const;
  /// The drawing of the clipboard in place of this one; refused() if there is none.
  void paste();

  /// The page as a picture of ink on paper, for copying.
  QImage picture(int side) const;

  QSize sizeHint() const override { return {420, 420}; }
  QSize minimumSizeHint() const override { return {160, 160}; }

 Q_SIGNALS:
  void toolChanged(SketchCanvas::Tool tool);
  void viewChanged();
  /// A stroke begins, and ends (with or without an edit): searching can wait for that.
  void strokeStarted();
  void strokeEnded();
  /// The pointer rests on this stroke (or the keys [ and ] chose it); nothing: on none.
  void strokeHovered(std::optional<std::size_t> stroke);
  /// Something that was pasted or dropped is no drawing: the reason.
  void refused(const QString& reason);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void tabletEvent(QTabletEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void keyReleaseEvent(QKeyEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void changeEvent(QEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void press(QPointF at, double pressure, bool eraser);
  void moveTo(QPointF at, double pressure);
  void release();
  void abandon();
  void take(const QMimeData& mime, const QString& label);

  void startLine(QPointF at, double pressure, bool eraser);
  void extendLine(QPointF page, double pressure);
  bool farFromEnd(QPointF page) const;
  void touchStrokes(QPointF from, QPointF to);
  void touchAt(QPointF page);
  void panTo(QPointF at);
  void hoverAt(QPointF at);
  void setHovered(std::optional<std::size_t> stroke);
  void stepHovered(int by);
  void documentChanged();
  void describe();

  void paintPiece(std::size_t index);
  QRect pieceInWidget(std::size_t index) const;
  void refreshInk();
  Sketch shown() const;
  void drawStroke(QPainter& painter, const Stroke& stroke) const;
  void drawEmphasis(QPainter& painter) const;
  double penWidth(const Stroke& stroke, std::size_t index) const;
  void updateCursor();

  SketchDocument* document_;
  PageView view_{SketchDocument::kPage};
  Tool tool_ = Tool::kPen;
  double lineWidth_ = 9, steadiness_ = 0.4;
  QImage tracing_;
  double tracingOpacity_ = 0.3;

  QPixmap ink_;  ///< the drawing in widget pixels, paper left clear
  bool inkIsOld_ = true;
  std::optional<Stroke> line_;  ///< being drawn
  Stabiliser steady_;
  QElapsedTimer clock_;               ///< since the line began
  std::vector<std::size_t> touched_;  ///< by the stroke eraser, since it was put down
  QRect tail_;                        ///< where the newest piece of the line was painted
  QPointF eraserAt_;                  ///< the last place of the stroke eraser
  std::optional<QPointF> held_;       ///< where the hand took the paper
  bool penDown_ = false, space_ = false;
  std::vector<float> emphasis_;         ///< by stroke, may be empty
  std::optional<std::size_t> hovered_;  ///< stroke under the pointer
  QElapsedTimer penSeen_;               ///< since the last event of a tablet
};

}  // namespace inkling
