#include "ui/window/canvas_panel.h"

#include <QActionGroup>
#include <QEvent>
#include <QHBoxLayout>
#include <QVBoxLayout>
#include <cmath>

namespace inkling {
namespace {

// A square that takes the width it gets: paper is as high as it is wide.
class SquareHolder : public QWidget {
 public:
  SquareHolder(QWidget* inside, QWidget* parent) : QWidget(parent), inside_(inside) {
    inside->setParent(this);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
  }
  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override { return width; }
  QSize sizeHint() const override { return {300, 300}; }
  QSize minimumSizeHint() const override { return {180, 180}; }

 protected:
  void resizeEvent(QResizeEvent*) override { inside_->setGeometry(rect()); }

 private:
  QWidget* inside_;
};

QSlider* makeSlider(int least, int most, int value, QWidget* parent) {
  auto* slider = new QSlider(Qt::Horizontal, parent);
  slider->setRange(least, most);
  slider->setValue(value);
  return slider;
}

}  // namespace

CanvasPanel::CanvasPanel(SketchDocument& document, const WindowActions& actions, QWidget* parent)
    : QWidget(parent),
      canvas_(new SketchCanvas(document)),
      tools_(new QToolBar(this)),
      widthLabel_(new QLabel(this)),
      steadyLabel_(new QLabel(this)),
      width_(makeSlider(2, 40, static_cast<int>(canvas_->lineWidth()), this)),
      steadiness_(makeSlider(0, 100, static_cast<int>(100 * canvas_->steadiness()), this)) {
  tools_->setIconSize({18, 18});
  for (const Act act : {Act::kPen, Act::kEraser, Act::kStrokeEraser, Act::kHand})
    tools_->addAction(actions[act]);
  tools_->addSeparator();
  for (const Act act : {Act::kUndo, Act::kRedo, Act::kClear, Act::kMirror, Act::kTrace})
    tools_->addAction(actions[act]);
  widthLabel_->setBuddy(width_);
  steadyLabel_->setBuddy(steadiness_);
  auto* sliders = new QHBoxLayout;
  sliders->setContentsMargins(8, 0, 8, 0);
  sliders->addWidget(widthLabel_);
  sliders->addWidget(width_, 1);
  sliders->addSpacing(8);
  sliders->addWidget(steadyLabel_);
  sliders->addWidget(steadiness_, 1);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  column->addWidget(tools_);
  column->addWidget(new SquareHolder(canvas_, this), 1);
  column->addLayout(sliders);
  connect(width_, &QSlider::valueChanged, this,
          [this](int value) { canvas_->setLineWidth(value); });
  connect(steadiness_, &QSlider::valueChanged, this,
          [this](int value) { canvas_->setSteadiness(value / 100.0); });
  connectTools(actions);
  retranslate();
}

void CanvasPanel::connectTools(const WindowActions& actions) {
  auto* group = new QActionGroup(this);
  using Tool = SketchCanvas::Tool;
  for (const auto& [act, tool] : {std::pair{Act::kPen, Tool::kPen},
                                  {Act::kEraser, Tool::kEraser},
                                  {Act::kStrokeEraser, Tool::kStrokeEraser},
                                  {Act::kHand, Tool::kHand}}) {
    QAction* action = actions[act];
    group->addAction(action);
    connect(action, &QAction::triggered, this, [this, tool = tool] { canvas_->setTool(tool); });
    connect(canvas_, &SketchCanvas::toolChanged, this,
            [action, tool = tool](Tool now) { action->setChecked(now == tool); });
  }
  actions[Act::kPen]->setChecked(true);
  connect(actions[Act::kResetCanvas], &QAction::triggered, canvas_, &SketchCanvas::resetView);
}

QVariantMap CanvasPanel::state() const {
  return {{QStringLiteral("line_width"), width_->value()},
          {QStringLiteral("steadiness"), steadiness_->value()}};
}

void CanvasPanel::restore(const QVariantMap& state) {
  width_->setValue(state.value(QStringLiteral("line_width"), width_->value()).toInt());
  steadiness_->setValue(state.value(QStringLiteral("steadiness"), steadiness_->value()).toInt());
}

void CanvasPanel::retranslate() {
  tools_->setWindowTitle(tr("Drawing tools"));
  tools_->setAccessibleName(tr("Drawing tools"));
  widthLabel_->setText(tr("Pen"));
  width_->setAccessibleName(tr("Line width"));
  width_->setToolTip(tr("Line width: how thick lines look. What is found does not depend on it."));
  steadyLabel_->setText(tr("Steady"));
  steadiness_->setAccessibleName(tr("Steadiness"));
  steadiness_->setToolTip(tr("Steadiness: how much a trembling hand is smoothed"));
}

void CanvasPanel::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

}  // namespace inkling
