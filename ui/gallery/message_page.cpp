#include "ui/gallery/message_page.h"

#include <QEvent>
#include <QVBoxLayout>

#include "ui/theme/icons.h"

namespace inkling {
namespace {

constexpr int kIcon = 48, kMargin = 32, kButtonAir = 24;
constexpr double kTitleScale = 1.3;

}  // namespace

MessagePage::MessagePage(QWidget* parent)
    : QWidget(parent),
      icon_(new QLabel(this)),
      title_(new QLabel(this)),
      text_(new QLabel(this)),
      action_(new QPushButton(this)) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(kMargin, 0, kMargin, 0);
  column->setSpacing(8);
  column->addStretch(2);
  column->addWidget(icon_, 0, Qt::AlignHCenter);
  column->addSpacing(4);
  column->addWidget(title_);
  column->addWidget(text_);
  column->addSpacing(8);
  column->addWidget(action_, 0, Qt::AlignHCenter);
  column->addStretch(3);
  QFont font = title_->font();
  font.setPointSizeF(font.pointSizeF() * kTitleScale);
  font.setBold(true);
  title_->setFont(font);
  title_->setAlignment(Qt::AlignCenter);
  title_->setWordWrap(true);
  text_->setAlignment(Qt::AlignCenter);
  text_->setWordWrap(true);
  action_->setMinimumHeight(32);
  // The keyboard reaches the button; Enter presses it.
  action_->setAutoDefault(true);
  connect(action_, &QPushButton::clicked, this, &MessagePage::actionClicked);
}

void MessagePage::setMessage(const Message& message) {
  message_ = message;
  // File names may look like mark-up.
  for (QLabel* label : {title_, text_}) label->setTextFormat(Qt::PlainText);
  title_->setText(message.title);
  text_->setText(message.text);
  text_->setVisible(!message.text.isEmpty());
  action_->setText(message.action);
  action_->setAccessibleName(message.action);
  action_->setMinimumWidth(0);
  action_->setMinimumWidth(action_->sizeHint().width() + kButtonAir);
  action_->setVisible(!message.action.isEmpty());
  setAccessibleName(message.title);
  showIcon();
}

void MessagePage::showIcon() {
  const QSize size(kIcon, kIcon);
  icon_->setPixmap(themedIcon(message_.icon).pixmap(size, devicePixelRatioF(), QIcon::Disabled));
}

void MessagePage::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange) showIcon();
  QWidget::changeEvent(event);
}

}  // namespace inkling
