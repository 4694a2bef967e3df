#include "ui/window/welcome_page.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QIcon>
#include <QVBoxLayout>

#include "ui/theme/icons.h"

namespace inkling {
namespace {

constexpr int kColumns = 4, kPicture = 56, kWidth = 460;
constexpr const char* kIcons[] = {"pen", "find", "attention"};

}  // namespace

WelcomePage::WelcomePage(const SketchLibrary& library, const QStringList& samples, QWidget* parent)
    : QScrollArea(parent),
      title_(new QLabel),
      subtitle_(new QLabel),
      samplesTitle_(new QLabel),
      openSamples_(new QPushButton),
      openFolder_(new QPushButton) {
  setFrameShape(QFrame::NoFrame);
  setWidgetResizable(true);
  auto* page = new QWidget;
  QFont large = title_->font();
  large.setPointSizeF(large.pointSizeF() * 1.9);
  large.setBold(true);
  title_->setFont(large);
  subtitle_->setWordWrap(true);
  QFont strong = samplesTitle_->font();
  strong.setBold(true);
  samplesTitle_->setFont(strong);
  samplesTitle_->setWordWrap(true);

  auto* grid = new QGridLayout;
  grid->setSpacing(6);
  for (int row = 0; row < library.count(); ++row) {
    if (!samples.contains(library.name(row)) ||
        samples_.size() == static_cast<std::size_t>(samples.size()))
      continue;
    auto* button = new QToolButton;
    button->setText(library.name(row));
    button->setIcon(library.index(row).data(Qt::DecorationRole).value<QIcon>());
    button->setIconSize({kPicture, kPicture});
    button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setMinimumWidth(84);
    connect(button, &QToolButton::clicked, this,
            [this, name = library.name(row)] { Q_EMIT sampleChosen(name); });
    const int index = static_cast<int>(samples_.size());
    grid->addWidget(button, index / kColumns, index % kColumns);
    samples_.push_back(button);
  }
  grid->setColumnStretch(kColumns, 1);
  auto* buttons = new QHBoxLayout;
  openFolder_->setDefault(true);
  buttons->addWidget(openFolder_);
  buttons->addWidget(openSamples_);
  buttons->addStretch();

  auto* inner = new QVBoxLayout;
  inner->setSpacing(10);
  inner->addWidget(title_);
  inner->addWidget(subtitle_);
  inner->addSpacing(4);
  inner->addWidget(makeSteps(page));
  inner->addSpacing(4);
  inner->addLayout(buttons);
  inner->addSpacing(8);
  inner->addWidget(samplesTitle_);
  inner->addLayout(grid);
  auto* holder = new QWidget;
  holder->setMaximumWidth(kWidth);
  holder->setLayout(inner);
  auto* outer = new QGridLayout(page);
  outer->addWidget(holder, 1, 1);
  for (const int edge : {0, 2}) {
    outer->setRowStretch(edge, 1);
    outer->setColumnStretch(edge, 1);
  }
  outer->setColumnStretch(1, 100);
  setWidget(page);
  connect(openSamples_, &QPushButton::clicked, this, &WelcomePage::samplesRequested);
  connect(openFolder_, &QPushButton::clicked, this, &WelcomePage::folderRequested);
  retranslate();
}

QWidget* WelcomePage::makeSteps(QWidget* parent) {
  auto* box = new QWidget(parent);
  auto* grid = new QGridLayout(box);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(12);
  int row = 0;
  for (const char* name : kIcons) {
    auto* icon = new QToolButton(box);  // follows the theme, which a pixmap does not
    icon->setIcon(themedIcon(QLatin1String(name)));
    icon->setIconSize({26, 26});
    icon->setEnabled(true);
    icon->setFocusPolicy(Qt::NoFocus);
    icon->setAttribute(Qt::WA_TransparentForMouseEvents);
    icon->setAutoRaise(true);
    auto* text = new QLabel(box);
    text->setWordWrap(true);
    grid->addWidget(icon, row, 0, Qt::AlignTop);
    grid->addWidget(text, row++, 1);
    steps_.push_back(text);
  }
  grid->setColumnStretch(1, 1);
  return box;
}

void WelcomePage::retranslate() {
  setAccessibleName(tr("Welcome"));
  title_->setText(tr("Draw it. Find it. See why."));
  subtitle_->setText(tr("You draw a thing; Inkling boxes everything like it in your photos."));
  steps_[0]->setText(
      tr("<b>Draw</b> on the paper on the left. A few lines are enough; more "
         "drawings of the same thing help."));
  steps_[1]->setText(
      tr("<b>Open a folder</b> of photos, or drop photos here. The best matches "
         "come first while you draw."));
  steps_[2]->setText(
      tr("<b>Choose a photo</b> to see its boxes large. Switch attention on to "
         "see where your lines were looked for."));
  openFolder_->setText(tr("Open a folder…"));
  openSamples_->setText(tr("Open the bundled photos"));
  samplesTitle_->setText(tr("Or try one of these drawings on the bundled photos:"));
  for (QToolButton* button : samples_)
    button->setAccessibleName(tr("Look for the drawing “%1”").arg(button->text()));
}

void WelcomePage::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QScrollArea::changeEvent(event);
}

}  // namespace inkling
