// What a ViewerPanel is made of, and how its parts hear of each other.
#include <QClipboard>
#include <QFile>
#include <QFileDialog>
#include <QGuiApplication>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/base/path.h"
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
  refreshTools();
}

QAction* ViewerPanel::addTool(const QString& icon, const QString& text, const QString& help) {
  QAction* action = tools_->addAction(themedIcon(icon), text);
  action->setToolTip(help);
  auto* button = qobject_cast<QToolButton*>(tools_->widgetForAction(action));
  button->setFocusPolicy(Qt::TabFocus);
  button->setAccessibleName(text);
  button->setAccessibleDescription(help);
  return action;
}

QAction* ViewerPanel::addSwitch(const QString& icon, const QString& text, const QString& help,
                                bool on) {
  QAction* action = addTool(icon, text, help);
  action->setCheckable(true);
  action->setChecked(on);
  return action;
}

void ViewerPanel::fillToolBar() {
  tools_->setIconSize({20, 20});
  tools_->setAccessibleName(tr("Tools of the photo"));
  const auto tool = [this](const char* icon, const QString& text, const QString& help) {
    return addTool(QLatin1String(icon), text, help);
  };
  connect(tool("previous", tr("Previous photo"), tr("Show the previous photo")),
          &QAction::triggered, this, &ViewerPanel::previousPhoto);
  connect(tool("next", tr("Next photo"), tr("Show the next photo")), &QAction::triggered, this,
          &ViewerPanel::nextPhoto);
  tools_->addSeparator();
  needBoxes_ = {tool("up", tr("Previous box"), tr("Go to the previous box (P)")),
                tool("down", tr("Next box"), tr("Go to the next box (N)"))};
  connect(needBoxes_[0], &QAction::triggered, view_, &PhotoView::previousDetection);
  connect(needBoxes_[1], &QAction::triggered, view_, &PhotoView::nextDetection);
  tools_->addSeparator();
  needPhoto_ = {tool("zoom-out", tr("Zoom out"), tr("Zoom out (−)")),
                tool("zoom-in", tr("Zoom in"), tr("Zoom in (+)")),
                tool("zoom-fit", tr("Whole photo"), tr("Show the whole photo (0)")),
                tool("zoom-actual", tr("Actual pixels"),
                     tr("Show each pixel of the photo as one of the screen (1)"))};
  connect(needPhoto_[0], &QAction::triggered, view_, &PhotoView::zoomOut);
  connect(needPhoto_[1], &QAction::triggered, view_, &PhotoView::zoomIn);
  connect(needPhoto_[2], &QAction::triggered, view_, &PhotoView::fit);
  connect(needPhoto_[3], &QAction::triggered, view_, &PhotoView::actualSize);
  tools_->addSeparator();
  boxesOn_ = addSwitch(QStringLiteral("boxes"), tr("Boxes"), tr("Show what was found"), true);
  attentionOn_ = addSwitch(QStringLiteral("attention"), tr("Attention"),
                           tr("Show where the model looked"), false);
  split_ = addSwitch(QStringLiteral("split"), tr("Compare"),
                     tr("Compare with the plain photo, left of a divider"), false);
  tools_->addSeparator();
  needPhoto_.push_back(tool("copy", tr("Copy picture"), tr("Copy the photo as it is shown")));
  connect(needPhoto_.back(), &QAction::triggered, this, &ViewerPanel::copyPicture);
  needPhoto_.push_back(tool("save", tr("Save picture"), tr("Save the photo as it is shown")));
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
  const QString stem = QString::fromStdString(displayName(path_.stem()));
  dialog->selectFile(tr("%1-found.png").arg(stem));
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
    savePicture(std::filesystem::path(QFile::encodeName(file).toStdString()));
  });
  dialog->open();
}

}  // namespace inkling
