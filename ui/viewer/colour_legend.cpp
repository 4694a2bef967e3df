#include "ui/viewer/colour_legend.h"

#include <QEvent>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>

namespace inkling {
namespace {

constexpr int kBarHeight = 12, kBarWidth = 120, kLeastBar = 40, kGap = 6;

}  // namespace

QString valueText(float value) { return QLocale().toString(static_cast<double>(value), 'g', 3); }

ColourLegend::ColourLegend(QWidget* parent) : QWidget(parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  describe();
}

void ColourLegend::setColours(ColourMap colours) {
  colours_ = colours;
  update();
}

void ColourLegend::setRange(std::optional<std::pair<float, float>> range) {
  range_ = range;
  describe();
  update();
}

void ColourLegend::describe() {
  setAccessibleName(tr("Colours of the heat map"));
  setAccessibleDescription(
      range_ ? tr("From %1 to %2.").arg(valueText(range_->first), valueText(range_->second))
             : QString());
}

void ColourLegend::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    describe();
    update();
  }
  QWidget::changeEvent(event);
}

QSize ColourLegend::sizeHint() const { return minimumSizeHint() + QSize(kBarWidth - kLeastBar, 0); }

QSize ColourLegend::minimumSizeHint() const {
  const int number = fontMetrics().horizontalAdvance(QStringLiteral("0.0000"));
  return {kLeastBar + 2 * (number + kGap), std::max(kBarHeight, fontMetrics().height())};
}

void ColourLegend::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const QString low = range_ ? valueText(range_->first) : tr("low");
  const QString high = range_ ? valueText(range_->second) : tr("high");
  const int before = fontMetrics().horizontalAdvance(low);
  const int after = fontMetrics().horizontalAdvance(high);
  const QRectF bar(before + kGap, (height() - kBarHeight) / 2.0,
                   std::max(1, width() - before - after - 2 * kGap), kBarHeight);
  QLinearGradient gradient(bar.topLeft(), bar.topRight());
  constexpr int kStops = 16;
  for (int i = 0; i <= kStops; ++i) {
    const Rgb shade = colour(colours_, static_cast<float>(i) / kStops);
    gradient.setColorAt(static_cast<double>(i) / kStops, QColor(shade.r, shade.g, shade.b));
  }
  painter.setOpacity(isEnabled() ? 1 : 0.35);
  painter.setPen(QPen(palette().color(QPalette::Mid), 1));
  painter.setBrush(gradient);
  painter.drawRoundedRect(bar.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
  painter.setOpacity(1);
  painter.setPen(palette().color(QPalette::WindowText));
  painter.drawText(rect(), Qt::AlignVCenter | Qt::AlignLeft, low);
  painter.drawText(rect(), Qt::AlignVCenter | Qt::AlignRight, high);
}

}  // namespace inkling
