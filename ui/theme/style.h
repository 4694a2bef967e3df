// Fusion with check boxes that can be seen on dark windows, too.
#pragma once

#include <QProxyStyle>

namespace inkling {

class InklingStyle : public QProxyStyle {
  Q_OBJECT

 public:
  InklingStyle();

  void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override;
};

}  // namespace inkling
