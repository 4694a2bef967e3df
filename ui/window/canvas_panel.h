// The drawing side of the window: tools, the paper, line width and steadiness below it.
#pragma once

#include <QLabel>
#include <QSlider>
#include <QToolBar>
#include <QWidget>

#include "ui/canvas/sketch_canvas.h"
#include "ui/window/window_actions.h"

namespace inkling {

class CanvasPanel : public QWidget {
  Q_OBJECT

 public:
  /// Both outlive the panel.
  CanvasPanel(SketchDocument& document, const WindowActions& actions, QWidget* parent = nullptr);

  SketchCanvas* canvas() const { return canvas_; }

  /// Line width, steadiness: to be remembered.
  QVariantMap state() const;
  void restore(const QVariantMap& state);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void connectTools(const WindowActions& actions);
  void retranslate();

  SketchCanvas* canvas_;
  QToolBar* tools_;
  QLabel *widthLabel_, *steadyLabel_;
  QSlider *width_, *steadiness_;
};

}  // namespace inkling
