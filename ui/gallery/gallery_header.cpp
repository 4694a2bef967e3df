#include "ui/gallery/gallery_header.h"

#include <QDir>
#include <QEvent>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/theme/icons.h"

namespace inkling {
namespace {

constexpr int kMargin = 8, kSpacing = 8;
constexpr int kMenuWidth = 420;  // of a path in the menu

// As text of a menu or a button, where & marks a key.
QString literal(QString text) { return text.replace(QLatin1Char('&'), QStringLiteral("&&")); }

QString withTilde(const QString& folder) {
  const QString home = QDir::homePath();
  const bool below = folder == home || folder.startsWith(home + QLatin1Char('/'));
  return below ? QLatin1Char('~') + folder.mid(home.size()) : folder;
}

}  // namespace

GalleryHeader::GalleryHeader(QWidget* parent)
    : QWidget(parent),
      tools_(new QHBoxLayout),
      folder_(new QToolButton(this)),
      menu_(new QMenu(this)),
      count_(new QLabel(this)),
      order_(new QComboBox(this)),
      thresholdLabel_(new QLabel(this)),
      threshold_(new QSlider(Qt::Horizontal, this)),
      percent_(new QLabel(this)),
      onlyMatches_(new QCheckBox(this)) {
  buildFolderButton();
  buildOrder();
  buildThreshold();
  connect(onlyMatches_, &QCheckBox::toggled, this, &GalleryHeader::onlyMatchesChosen);
  layOut();
  retranslate();
}

void GalleryHeader::retranslate() {
  count_->setAccessibleName(tr("Number of photos"));
  order_->setItemText(0, tr("Best match first"));
  order_->setItemText(1, tr("Name"));
  order_->setAccessibleName(tr("Order of the photos"));
  order_->setToolTip(order_->accessibleName());
  thresholdLabel_->setText(tr("&Threshold"));
  threshold_->setAccessibleName(tr("Threshold in percent"));
  const QString tip = tr("Boxes with at least this score count as matches");
  for (QWidget* widget : {static_cast<QWidget*>(thresholdLabel_), static_cast<QWidget*>(threshold_),
                          static_cast<QWidget*>(percent_)})
    widget->setToolTip(tip);
  percent_->setMinimumWidth(percent_->fontMetrics().horizontalAdvance(tr("%1%").arg(100)));
  onlyMatches_->setText(tr("&Matches only"));
  onlyMatches_->setAccessibleName(tr("Matches only"));
  onlyMatches_->setToolTip(tr("Hide photos that were searched and have no match"));
  showPercent();
  setSourceName(name_);
  setRecentFolders(recent_);
}

void GalleryHeader::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

void GalleryHeader::buildFolderButton() {
  folder_->setIcon(themedIcon(QStringLiteral("folder")));
  folder_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  folder_->setPopupMode(QToolButton::InstantPopup);
  folder_->setFocusPolicy(Qt::StrongFocus);
  folder_->setMenu(menu_);
  folder_->setObjectName(QStringLiteral("folderButton"));
  // The arrow stands beside the text, not below it.
  folder_->setStyleSheet(
      QStringLiteral("QToolButton { padding-right: 18px; }"
                     "QToolButton::menu-indicator { subcontrol-origin: border;"
                     " subcontrol-position: right center; right: 5px; }"));
  menu_->setToolTipsVisible(true);
}

void GalleryHeader::buildOrder() {
  order_->addItem({}, QVariant::fromValue(PhotoModel::Order::kScore));
  order_->addItem({}, QVariant::fromValue(PhotoModel::Order::kName));
  order_->setCurrentIndex(1);
  // As wide as the words of the language that is shown, also after a change.
  order_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  connect(order_, &QComboBox::currentIndexChanged, this,
          [this] { Q_EMIT orderChosen(order_->currentData().value<PhotoModel::Order>()); });
}

void GalleryHeader::buildThreshold() {
  threshold_->setRange(0, 100);
  threshold_->setPageStep(10);
  threshold_->setMinimumWidth(36);
  thresholdLabel_->setBuddy(threshold_);
  percent_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  connect(threshold_, &QSlider::valueChanged, this, [this](int percent) {
    showPercent();
    Q_EMIT thresholdChosen(percent / 100.0);
  });
}

void GalleryHeader::layOut() {
  auto* first = new QHBoxLayout;
  first->setSpacing(kSpacing);
  first->addWidget(folder_);
  first->addStretch();
  first->addWidget(count_);
  first->addLayout(tools_);
  auto* second = new QHBoxLayout;
  second->setSpacing(kSpacing);
  second->addWidget(order_);
  second->addSpacing(kSpacing / 2);
  second->addWidget(thresholdLabel_);
  second->addWidget(threshold_, 1);
  second->addWidget(percent_);
  second->addSpacing(kSpacing / 2);
  second->addWidget(onlyMatches_);
  auto* rows = new QVBoxLayout(this);
  rows->setContentsMargins(kMargin, kMargin / 2, kMargin, kMargin);
  rows->setSpacing(6);
  rows->addLayout(first);
  rows->addLayout(second);
}

void GalleryHeader::addTool(QAction* action) {
  auto* button = new QToolButton(this);
  button->setDefaultAction(action);
  button->setAutoRaise(true);
  button->setFocusPolicy(Qt::StrongFocus);
  tools_->addWidget(button);
}

void GalleryHeader::setSourceName(const QString& name) {
  name_ = name;
  const bool none = name.isEmpty();
  folder_->setToolTip(none ? tr("Open a folder of photos") : name);
  folder_->setAccessibleName(none ? tr("Folder: none") : tr("Folder: %1").arg(name));
  for (QWidget* widget : {static_cast<QWidget*>(order_), static_cast<QWidget*>(thresholdLabel_),
                          static_cast<QWidget*>(threshold_), static_cast<QWidget*>(percent_),
                          static_cast<QWidget*>(onlyMatches_)})
    widget->setEnabled(!none);
  showFolderName();
}

void GalleryHeader::showFolderName() {
  const QString name = name_.isEmpty() ? tr("Open folder") : name_;
  folder_->setText(literal(fontMetrics().elidedText(name, Qt::ElideMiddle, width() / 2)));
}

void GalleryHeader::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  showFolderName();
}

void GalleryHeader::setRecentFolders(const QStringList& folders) {
  recent_ = folders;
  menu_->clear();
  connect(menu_->addAction(themedIcon(QStringLiteral("folder")), tr("&Open folder…")),
          &QAction::triggered, this, &GalleryHeader::openRequested);
  if (folders.isEmpty()) return;
  menu_->addSection(tr("Recent folders"));
  for (const QString& folder : folders) {
    const QString shown = fontMetrics().elidedText(withTilde(folder), Qt::ElideMiddle, kMenuWidth);
    QAction* action = menu_->addAction(themedIcon(QStringLiteral("recent")), literal(shown));
    action->setToolTip(folder);
    connect(action, &QAction::triggered, this, [this, folder] { Q_EMIT recentChosen(folder); });
  }
  menu_->addSeparator();
  connect(menu_->addAction(tr("&Clear recent folders")), &QAction::triggered, this,
          &GalleryHeader::clearRecentRequested);
}

void GalleryHeader::show(PhotoModel::Order order, double threshold, bool onlyMatches) {
  const QSignalBlocker orderQuiet(order_), thresholdQuiet(threshold_), onlyQuiet(onlyMatches_);
  order_->setCurrentIndex(order_->findData(QVariant::fromValue(order)));
  // A threshold between two steps of the slider stays as it is.
  threshold_->setValue(qRound(100 * threshold));
  onlyMatches_->setChecked(onlyMatches);
  showPercent();
}

void GalleryHeader::showPercent() { percent_->setText(tr("%1%").arg(threshold_->value())); }

}  // namespace inkling
