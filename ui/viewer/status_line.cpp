#include "ui/viewer/status_line.h"

#include <QEvent>
#include <QHBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/viewer/colour_legend.h"

namespace inkling {
namespace {

constexpr int kMargin = 10, kSpacing = 12, kLeastName = 50;

}  // namespace

StatusLine::StatusLine(QWidget* parent) : QWidget(parent) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(kMargin, 4, kMargin, 4);
  row->setSpacing(kSpacing);
  name_ = new QLabel(this);
  name_->setTextFormat(Qt::PlainText);
  name_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  name_->setMinimumWidth(kLeastName);
  row->addWidget(name_, 1);
  value_ = addLabel();
  pointer_ = addLabel();
  size_ = addLabel();
  zoom_ = addLabel();
  retranslate();
}

void StatusLine::retranslate() {
  // Wide enough for its usual texts, so that nothing moves while the pointer does.
  const auto explain = [this](QLabel* label, const QString& widest, const QString& help) {
    label->setMinimumWidth(fontMetrics().horizontalAdvance(widest));
    label->setToolTip(help);
  };
  explain(value_, tr("Value %1").arg(QStringLiteral("0.00000")),
          tr("Value of the heat map under the pointer"));
  explain(pointer_, tr("x %1, y %2").arg(88888).arg(88888), tr("Pixel under the pointer"));
  explain(size_, {}, tr("Size of the photo in pixels"));
  explain(zoom_, tr("%1%").arg(1000), tr("Zoom: 100% shows each pixel of the photo as one"));
  setAccessibleName(tr("About the photo"));
  showSize();
  setPointer(place_, shown_);
}

void StatusLine::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

QLabel* StatusLine::addLabel() {
  auto* label = new QLabel(this);
  label->setTextFormat(Qt::PlainText);
  label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  layout()->addWidget(label);
  return label;
}

void StatusLine::setPhoto(const QString& name, QSize size) {
  fullName_ = name;
  name_->setToolTip(name);
  photo_ = size;
  showSize();
  elide();
}

void StatusLine::showSize() {
  size_->setText(photo_.isEmpty() ? QString()
                                  : tr("%1 × %2").arg(photo_.width()).arg(photo_.height()));
}

void StatusLine::setZoom(const QString& text) { zoom_->setText(text); }

void StatusLine::setPointer(std::optional<QPointF> place, std::optional<float> value) {
  place_ = place;
  shown_ = value;
  pointer_->setText(place ? tr("x %1, y %2")
                                .arg(static_cast<int>(std::floor(place->x())))
                                .arg(static_cast<int>(std::floor(place->y())))
                          : QString());
  value_->setText(value ? tr("Value %1").arg(valueText(*value)) : QString());
}

QString StatusLine::text() const {
  QStringList parts{fullName_};
  for (const QLabel* label : {value_, pointer_, size_, zoom_}) {
    if (!label->text().isEmpty()) parts << label->text();
  }
  return parts.join(QStringLiteral(" · "));
}

void StatusLine::elide() {
  size_->setVisible(width() >= leastWidth() + kSpacing + size_->sizeHint().width());
  layout()->activate();
  name_->setText(fontMetrics().elidedText(fullName_, Qt::ElideMiddle, name_->width()));
}

// Of all but the size of the photo, for which a narrow line has no room.
int StatusLine::leastWidth() const {
  int width = 2 * kMargin + 3 * kSpacing + kLeastName;
  for (const QLabel* label : {value_, pointer_, zoom_})
    width += std::max(label->minimumWidth(), label->minimumSizeHint().width());
  return width;
}

QSize StatusLine::minimumSizeHint() const {
  return {leastWidth(), QWidget::minimumSizeHint().height()};
}

void StatusLine::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  // The labels are placed after this event.
  QMetaObject::invokeMethod(this, &StatusLine::elide, Qt::QueuedConnection);
}

}  // namespace inkling
