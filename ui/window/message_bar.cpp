#include "ui/window/message_bar.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <algorithm>

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

namespace inkling {

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent),
      icon_(new QLabel(this)),
      label_(new QLabel(this)),
      more_(new QLabel(this)),
      help_(new QPushButton(this)),
      close_(new QToolButton(this)) {
  setFrameShape(QFrame::StyledPanel);
  setAutoFillBackground(true);
  setBackgroundRole(QPalette::AlternateBase);
  label_->setWordWrap(true);
  label_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  close_->setIcon(themedIcon(QStringLiteral("close")));
  more_->setEnabled(false);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(10, 4, 6, 4);
  row->addWidget(icon_);
  row->addWidget(label_, 1);
  row->addWidget(more_);
  row->addWidget(help_);
  row->addWidget(close_);
  connect(close_, &QToolButton::clicked, this, [this] {
    if (!messages_.empty()) messages_.pop_back();
    showNewest();
  });
  connect(help_, &QPushButton::clicked, this, [this] {
    if (messages_.empty()) return;
    const auto action = messages_.back().action;
    messages_.pop_back();
    showNewest();
    if (action) action();
  });
  showNewest();
}

void MessageBar::tell(Kind kind, const QString& text, const QString& help,
                      std::function<void()> action) {
  std::erase_if(messages_, [&](const Message& message) { return message.text == text; });
  messages_.push_back({kind, text, help, std::move(action)});
  if (messages_.size() > kMost) messages_.erase(messages_.begin());
  showNewest();
  QAccessibleEvent alert(label_, QAccessible::Alert);
  QAccessible::updateAccessibility(&alert);
}

void MessageBar::withdraw(const QString& text) {
  std::erase_if(messages_, [&](const Message& message) { return message.text == text; });
  showNewest();
}

void MessageBar::showNewest() {
  setVisible(!messages_.empty());
  if (messages_.empty()) return;
  const Message& newest = messages_.back();
  const bool warning = newest.kind == Kind::kWarning;
  const int side = fontMetrics().height() + 2;
  icon_->setPixmap(
      themedIcon(warning ? QStringLiteral("warning") : QStringLiteral("info")).pixmap(side, side));
  QPalette colours = label_->palette();
  colours.setColor(QPalette::WindowText,
                   warning ? warningColour() : palette().color(QPalette::WindowText));
  label_->setPalette(colours);
  label_->setText(newest.text);
  label_->setAccessibleName(newest.text);
  help_->setVisible(!newest.help.isEmpty());
  help_->setText(newest.help);
  more_->setVisible(messages_.size() > 1);
  more_->setText(tr("%n more", nullptr, count() - 1));
  close_->setToolTip(tr("Close this message"));
  close_->setAccessibleName(close_->toolTip());
}

void MessageBar::changeEvent(QEvent* event) {
  QFrame::changeEvent(event);
  if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange)
    showNewest();
}

}  // namespace inkling
