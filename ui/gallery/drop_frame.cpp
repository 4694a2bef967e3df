#include "ui/gallery/drop_frame.h"

#include <QPainter>

namespace inkling {

DropFrame::DropFrame(QWidget* parent) : QWidget(parent) {
  setAttribute(Qt::WA_TransparentForMouseEvents);
  hide();
}

void DropFrame::paintEvent(QPaintEvent*) {
  constexpr double kInset = 6, kCorner = 10;
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  QColor veil = palette().color(QPalette::Window);
  veil.setAlphaF(0.85F);
  painter.fillRect(rect(), veil);
  const QColor accent = palette().color(QPalette::Active, QPalette::Highlight);
  QColor soft = accent;
  soft.setAlphaF(0.12F);
  painter.setPen(QPen(accent, 2, Qt::DashLine));
  painter.setBrush(soft);
  painter.drawRoundedRect(QRectF(rect()).adjusted(kInset, kInset, -kInset, -kInset), kCorner,
                          kCorner);
  QFont font = painter.font();
  font.setBold(true);
  painter.setFont(font);
  painter.setPen(palette().color(QPalette::WindowText));
  painter.drawText(rect(), Qt::AlignCenter, tr("Drop to show these photos"));
}

}  // namespace inkling
