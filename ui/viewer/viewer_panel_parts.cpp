// What a ViewerPanel is made of, and how its parts hear of each other.
#include <QClipboard>
#include <QEvent>
#include <QFileDialog>
#include <QGuiApplication>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/paths/paths.h"
#include "ui/theme/icons.h"
#include "ui/viewer/viewer_panel.h"

namespace inkling {

ViewerPanel::ViewerPanel(QWidget* parent)
    : QWidget(parent),
      tools_(new QToolBar(this)),
      view_(new PhotoView(this)),
      attention_(new AttentionPanel(this)),
      status_(new StatusLine(this)) {
  fillToolBar();
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(tools_);
  column->addWidget(view_, 1);
  column->addWidget(attention_);
  column->addWidget(status_);
  attention_->hide();
  setFocusProxy(view_);
  connectParts();
  retranslate();
}

QAction* ViewerPanel::addTool(const char* icon, const char* text, const char* help) {
  QAction* action = tools_->addAction(themedIcon(QLatin1String(icon)), {});
  tools_->widgetForAction(action)->setFocusPolicy(Qt::TabFocus);
  toolTexts_.push_back({action, text, help});
  return action;
}

QAction* ViewerPanel::addSwitch(const char* icon, const char* text, const char* help, bool on) {
  QAction* action = addTool(icon, text, help);
  action->setCheckable(true);
  action->setChecked(on);
  return action;
}

void ViewerPanel::retranslate() {
  tools_->setAccessibleName(tr("Tools of the photo"));
  for (const auto& [tool, text, help] : toolTexts_) {
    tool->setText(tr(text));
    tool->setToolTip(tr(help));
    QWidget* button = tools_->widgetForAction(tool);
    button->setAccessibleName(tr(text));
    button->setAccessibleDescription(tr(help));
  }
  if (view_->hasPhoto()) refreshNotes(trouble_);
  refreshTools();
}

void ViewerPanel::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

void ViewerPanel::fillToolBar() {
  tools_->setIconSize({20, 20});
  connect(addTool("previous", QT_TR_NOOP("Previous photo"), QT_TR_NOOP("Show the previous photo")),
          &QAction::triggered, this, &ViewerPanel::previousPhoto);
  connect(addTool("next", QT_TR_NOOP("Next photo"), QT_TR_NOOP("Show the next photo")),
          &QAction::triggered, this, &ViewerPanel::nextPhoto);
  tools_->addSeparator();
  needBoxes_ = {addTool("up", QT_TR_NOOP("Previous box"), QT_TR_NOOP("Go to the previous box (P)")),
                addTool("down", QT_TR_NOOP("Next box"), QT_TR_NOOP("Go to the next box (N)"))};
  connect(needBoxes_[0], &QAction::triggered, view_, &PhotoView::previousDetection);
  connect(needBoxes_[1], &QAction::triggered, view_, &PhotoView::nextDetection);
  tools_->addSeparator();
  needPhoto_ = {
      addTool("zoom-out", QT_TR_NOOP("Zoom out"), QT_TR_NOOP("Zoom out (−)")),
      addTool("zoom-in", QT_TR_NOOP("Zoom in"), QT_TR_NOOP("Zoom in (+)")),
      addTool("zoom-fit", QT_TR_NOOP("Whole photo"), QT_TR_NOOP("Show the whole photo (0)")),
      addTool("zoom-actual", QT_TR_NOOP("Actual pixels"),
              QT_TR_NOOP("Show each pixel of the photo as one of the screen (1)"))};
  connect(needPhoto_[0], &QAction::triggered, view_, &PhotoView::zoomOut);
  connect(needPhoto_[1], &QAction::triggered, view_, &PhotoView::zoomIn);
  connect(needPhoto_[2], &QAction::triggered, view_, &PhotoView::fit);
  connect(needPhoto_[3], &QAction::triggered, view_, &PhotoView::actualSize);
  tools_->addSeparator();
  boxesOn_ = addSwitch("boxes", QT_TR_NOOP("Boxes"), QT_TR_NOOP("Show what was found"), true);
  attentionOn_ = addSwitch("attention", QT_TR_NOOP("Attention"),
                           QT_TR_NOOP("Show where the model looked"), false);
  split_ = addSwitch("split", QT_TR_NOOP("Compare"),
                     QT_TR_NOOP("Compare with the plain photo, left of a divider"), false);
  tools_->addSeparator();
  needPhoto_.push_back(
      addTool("copy", QT_TR_NOOP("Copy picture"), QT_TR_NOOP("Copy the photo as it is shown")));
  connect(needPhoto_.back(), &QAction::triggered, this, &ViewerPanel::copyPicture);
  needPhoto_.push_back(
      addTool("save", QT_TR_NOOP("Save picture"), QT_TR_NOOP("Save the photo as it is shown")));
  connect(needPhoto_.back(), &QAction::triggered, this, &ViewerPanel::savePictureAs);
}

void ViewerPanel::connectParts() {
  connect(boxesOn_, &QAction::toggled, this, [this](bool on) {
    view_->setBoxesOn(on);
    refreshTools();
  });
  connect(split_, &QAction::toggled, view_, &PhotoView::setSplit);
  connect(attentionOn_, &QAction::toggled, this, [this](bool on) {
    attention_->setVisible(on);
    refreshOverlay();
    Q_EMIT attentionWanted(on);
  });
  connect(attention_, &AttentionPanel::changed, this, &ViewerPanel::refreshOverlay);
  connect(view_, &PhotoView::viewChanged, this, &ViewerPanel::refreshTools);
  connect(view_, &PhotoView::pointerMoved, this, &ViewerPanel::listen);
  connect(&loader_, &PhotoLoader::loaded, this, &ViewerPanel::take);
  connect(&loader_, &PhotoLoader::failed, this,
          [this](const std::filesystem::path&, const QString& reason) { refuse(reason); });
  connect(&watch_, &PhotoWatch::replaced, this, [this] { load(Load::kReplaced); });
  connect(&watch_, &PhotoWatch::vanished, this, [this] {
    if (view_->hasPhoto()) refreshNotes();
  });
  connect(&maker_, &PictureMaker::made, this, [this](const QImage& picture) {
    QGuiApplication::clipboard()->setImage(picture);
    Q_EMIT pictureCopied();
  });
  connect(&maker_, &PictureMaker::saved, this, &ViewerPanel::pictureSaved);
  connect(&maker_, &PictureMaker::failed, this, &ViewerPanel::failed);
}

void ViewerPanel::savePictureAs() {
  if (!view_->hasPhoto()) return;
  auto* dialog = new QFileDialog(this, tr("Save picture"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setNameFilters({tr("PNG pictures (*.png)"), tr("JPEG pictures (*.jpg *.jpeg)")});
  dialog->setDefaultSuffix(QStringLiteral("png"));
  connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
    const bool jpeg = filter.contains(QLatin1String("*.jpg"));
    dialog->setDefaultSuffix(jpeg ? QStringLiteral("jpg") : QStringLiteral("png"));
  });
  const QString stem = shownName(path_.stem());
  dialog->selectFile(tr("%1-found.png").arg(stem));
  connect(dialog, &QFileDialog::fileSelected, this,
          [this](const QString& file) { savePicture(toPath(file)); });
  dialog->open();
}

}  // namespace inkling
