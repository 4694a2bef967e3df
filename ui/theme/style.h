// Fusion with check boxes that can be seen on dark windows, too, and dialogs without icons on their
// buttons.
#pragma once

#include <QProxyStyle>

namespace inkling {

class InklingStyle : public QProxyStyle {
  Q_OBJECT

 public:
  InklingStyle();

  void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override;
  int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                QStyleHintReturn* data) const override;
  QIcon standardIcon(StandardPixmap icon, const QStyleOption* option,
                     const QWidget* widget) const override;
};

}  // namespace inkling
