// How a PhotoView looks.
#include <QPaintEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/viewer/box_painter.h"
#include "ui/viewer/mark_painter.h"
#include "ui/viewer/photo_view.h"

namespace inkling {
namespace {

constexpr double kCrispZoom = 3;  // from here on a pixel of the photo is shown as a square
constexpr double kGap = 8;        // around plates
constexpr int kIcon = 48;
constexpr int kTextWidth = 420;

}  // namespace

void PhotoView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), palette().color(QPalette::AlternateBase));
  if (hasPhoto()) {
    paintPhoto(painter);
    paintResults(painter);
    if (split_) paintDivider(painter);
    paintNotes(painter);
  } else {
    paintMessage(painter);
  }
  if (hasFocus()) {
    painter.setPen(palette().color(QPalette::Highlight));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
  }
}

void PhotoView::paintPhoto(QPainter& painter) {
  // The window may have come to a screen with other pixels.
  if (!qFuzzyCompare(rendered_.devicePixelRatio(), devicePixelRatioF()) && !rendered_.isNull()) {
    geometry_.resize(size(), devicePixelRatioF());
    renderedIsOld_ = true;
  }
  if (renderedIsOld_) {
    rendered_ = renderedPhoto();
    renderedIsOld_ = false;
  }
  painter.drawPixmap(0, 0, rendered_);
}

// Only what is seen, from the level that is hardly larger than needed.
QPixmap PhotoView::renderedPhoto() const {
  const double ratio = devicePixelRatioF();
  QPixmap pixmap(size() * ratio);
  pixmap.setDevicePixelRatio(ratio);
  pixmap.fill(palette().color(QPalette::AlternateBase));
  const QSizeF full = geometry_.photo();
  const QImage& level = photo_.levelFor(full.width() * zoom());
  // Whole pixels of the level, so that neighbours of the rim take part in the smoothing.
  const double shrink = level.width() / full.width(), shrinkY = level.height() / full.height();
  const QRectF seen = geometry_.visible();
  const QRect source =
      QRectF(seen.x() * shrink, seen.y() * shrinkY, seen.width() * shrink, seen.height() * shrinkY)
          .toAlignedRect()
          .adjusted(-1, -1, 1, 1)
          .intersected(level.rect());
  const QRectF part(source.x() / shrink, source.y() / shrinkY, source.width() / shrink,
                    source.height() / shrinkY);
  QPainter painter(&pixmap);
  const bool pixelByPixel = std::abs(zoom() - 1) < 1e-9 && !photo_.isReduced();
  painter.setRenderHint(QPainter::SmoothPixmapTransform, zoom() < kCrispZoom && !pixelByPixel);
  painter.drawImage(geometry_.toWidget().mapRect(part), level, source);
  return pixmap;
}

void PhotoView::paintResults(QPainter& painter) {
  QRectF room = rect();
  if (split_) room.setLeft(std::round(dividerX()));
  painter.save();
  painter.setClipRect(room);
  if (map_ && opacity_ > 0) {
    painter.setOpacity(opacity_);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(geometry_.inWidget(), colouredOverlay());
    painter.setOpacity(1);
  }
  paintMarks(painter, marks_, geometry_.inWidget());
  const int emphasised = hovered_ >= 0 ? hovered_ : selected_;
  paintBoxes(painter, shown_, geometry_.toWidget(), room, {1, emphasised, !map_});
  painter.restore();
}

void PhotoView::paintDivider(QPainter& painter) const {
  const double x = std::round(dividerX());
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.fillRect(QRectF(x - 2, 0, 4, height()), QColor(0, 0, 0, 110));
  // Light in both themes: photos have more dark places than white ones.
  const QColor light = palette().color(isDark() ? QPalette::Text : QPalette::Base);
  painter.fillRect(QRectF(x - 1, 0, 2, height()), light);
  const QPointF middle(x, height() / 2.0);
  painter.setPen(QPen(palette().color(QPalette::Mid), 1));
  painter.setBrush(palette().color(QPalette::Base));
  painter.drawEllipse(middle, 13, 13);
  // Two arrowheads say which way it goes.
  painter.setPen(Qt::NoPen);
  painter.setBrush(palette().color(QPalette::Text));
  for (const double side : {-1.0, 1.0}) {
    const QPolygonF arrow({middle + QPointF(3 * side, -4), middle + QPointF(3 * side, 4),
                           middle + QPointF(8 * side, 0)});
    painter.drawPolygon(arrow);
  }
  const QFontMetricsF metrics(font());
  const QString plain = tr("Photo"), found = map_ ? tr("Attention") : tr("Found");
  const double high = metrics.height() + 6, top = kGap;
  const double left = metrics.horizontalAdvance(plain) + 16,
               right = metrics.horizontalAdvance(found) + 16;
  if (x > left + 2 * kGap) paintPlate(painter, {x - kGap - left, top, left, high}, plain);
  if (width() - x > right + 2 * kGap) paintPlate(painter, {x + kGap, top, right, high}, found);
  painter.restore();
}

void PhotoView::paintPlate(QPainter& painter, const QRectF& plate, const QString& text) const {
  QColor paper = palette().color(QPalette::Base);
  paper.setAlpha(225);
  painter.setPen(Qt::NoPen);
  painter.setBrush(paper);
  painter.drawRoundedRect(plate, 4, 4);
  painter.setPen(palette().color(QPalette::Text));
  painter.drawText(plate, Qt::AlignCenter | Qt::TextWordWrap, text);
}

void PhotoView::paintNotes(QPainter& painter) const {
  if (notes_.isEmpty()) return;
  const QString text = notes_.join(QLatin1Char('\n'));
  const QRectF room = QRectF(rect()).adjusted(3 * kGap, kGap, -3 * kGap, -2 * kGap);
  const QRectF needed =
      QFontMetricsF(font()).boundingRect(room, Qt::AlignCenter | Qt::TextWordWrap, text);
  QRectF plate({0, 0}, needed.size() + QSizeF(24, 12));
  plate.moveCenter(room.center());
  plate.moveBottom(room.bottom());
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  paintPlate(painter, plate, text);
  painter.restore();
}

void PhotoView::paintMessage(QPainter& painter) const {
  if (state_ == State::kLoading && patience_.isActive()) return;
  QString headline = tr("Choose a photo to see it large"), detail;
  QString icon = QStringLiteral("photo");
  if (state_ == State::kLoading) headline = tr("Loading %1 …").arg(text_);
  if (state_ == State::kFailed) {
    headline = tr("This photo cannot be shown");
    detail = text_;
    icon = QStringLiteral("warning");
  }
  QFont large = font();
  large.setPointSizeF(large.pointSizeF() * 1.2);
  large.setBold(state_ == State::kFailed);
  const double textWidth = std::min<double>(kTextWidth, width() - 4 * kGap);
  const QRectF line(0, 0, textWidth, height());
  const int flags = Qt::AlignHCenter | Qt::AlignTop | Qt::TextWrapAnywhere | Qt::TextWordWrap;
  const double first = QFontMetricsF(large).boundingRect(line, flags, headline).height();
  const double second =
      detail.isEmpty() ? 0 : QFontMetricsF(font()).boundingRect(line, flags, detail).height();
  double y = std::max(kGap, (height() - kIcon - 2 * kGap - first - second) / 2);
  const double x = (width() - textWidth) / 2;
  painter.setOpacity(0.6);
  themedIcon(icon).paint(&painter, QRect((width() - kIcon) / 2, static_cast<int>(y), kIcon, kIcon));
  painter.setOpacity(1);
  y += kIcon + kGap;
  painter.setFont(large);
  painter.setPen(palette().color(QPalette::Text));
  painter.drawText(QRectF(x, y, textWidth, first), flags, headline);
  y += first + kGap;
  painter.setFont(font());
  painter.drawText(QRectF(x, y, textWidth, second), flags, detail);
}

}  // namespace inkling
