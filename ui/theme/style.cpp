#include "ui/theme/style.h"

#include <QPainter>
#include <QPainterPath>
#include <QStyleFactory>
#include <QStyleOption>

#include "ui/theme/icons.h"

namespace inkling {
namespace {

void drawCheckBox(const QStyleOption& option, QPainter& painter) {
  const bool on = option.state.testFlag(QStyle::State_On);
  const bool partly = option.state.testFlag(QStyle::State_NoChange);
  const QPalette::ColorGroup group =
      option.state.testFlag(QStyle::State_Enabled) ? QPalette::Active : QPalette::Disabled;
  const auto colour = [&](QPalette::ColorRole role) { return option.palette.color(group, role); };
  const QRectF box = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  // The grey of a placeholder stands out from both themes' windows.
  painter.setPen(on ? colour(QPalette::Highlight) : colour(QPalette::PlaceholderText));
  painter.setBrush(on || partly ? colour(QPalette::Highlight) : colour(QPalette::Base));
  painter.drawRoundedRect(box, 3, 3);
  if (on) {
    QPainterPath tick;
    tick.moveTo(box.left() + 0.24 * box.width(), box.top() + 0.52 * box.height());
    tick.lineTo(box.left() + 0.43 * box.width(), box.top() + 0.71 * box.height());
    tick.lineTo(box.left() + 0.77 * box.width(), box.top() + 0.30 * box.height());
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colour(QPalette::HighlightedText), box.width() / 8, Qt::SolidLine,
                        Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(tick);
  }
  if (option.state.testFlag(QStyle::State_HasFocus)) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colour(QPalette::Highlight), 1));
    painter.drawRoundedRect(box.adjusted(-2, -2, 2, 2), 4, 4);
  }
  painter.restore();
}

}  // namespace

InklingStyle::InklingStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

void InklingStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option,
                                 QPainter* painter, const QWidget* widget) const {
  if (element == PE_IndicatorCheckBox || element == PE_IndicatorItemViewItemCheck)
    return drawCheckBox(*option, *painter);
  QProxyStyle::drawPrimitive(element, option, painter, widget);
}

int InklingStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                            QStyleHintReturn* data) const {
  if (hint == SH_DialogButtonBox_ButtonsHaveIcons) return 0;
  return QProxyStyle::styleHint(hint, option, widget, data);
}

// Fusion's own arrow for tools that did not fit is dark on every theme.
QIcon InklingStyle::standardIcon(StandardPixmap icon, const QStyleOption* option,
                                 const QWidget* widget) const {
  if (icon == SP_ToolBarHorizontalExtensionButton) return themedIcon(QStringLiteral("more"));
  return QProxyStyle::standardIcon(icon, option, widget);
}

}  // namespace inkling
