#include "ui/gallery/photo_card.h"

#include <QCoreApplication>
#include <QPixmapCache>
#include <algorithm>

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

namespace inkling {
namespace {

constexpr int kPadding = 6, kCorner = 7, kNameGap = 4, kIcon = 28;
constexpr int kMostBoxes = 12;  // more of them hide the photo

QColor mixed(const QColor& a, const QColor& b, double share) {
  const auto mix = [&](float from, float to) {
    return static_cast<float>(from + (to - from) * share);
  };
  return QColor::fromRgbF(mix(a.redF(), b.redF()), mix(a.greenF(), b.greenF()),
                          mix(a.blueF(), b.blueF()));
}

// Readable, but behind what matters.
QColor quietText(const QPalette& palette) {
  return mixed(palette.color(QPalette::Text), palette.color(QPalette::Base), 0.35);
}

QRect fittedInto(const QRect& frame, QSize size) {
  if (size.isEmpty()) return {};
  QSize fitted = size;
  if (size.width() > frame.width() || size.height() > frame.height())
    fitted = size.scaled(frame.size(), Qt::KeepAspectRatio).expandedTo({1, 1});
  const QSize rest = frame.size() - fitted;
  return {frame.topLeft() + QPoint(rest.width() / 2, rest.height() / 2), fitted};
}

// The same few frames over and over: drawn once.
QPixmap framePixmap(QSize size, double ratio, const QColor& ground, const QColor& line,
                    double width) {
  const QString key = QStringLiteral("inkling-card-%1-%2-%3-%4-%5-%6")
                          .arg(size.width())
                          .arg(size.height())
                          .arg(ratio)
                          .arg(ground.rgba())
                          .arg(line.rgba())
                          .arg(width);
  QPixmap pixmap;
  if (QPixmapCache::find(key, &pixmap)) return pixmap;
  pixmap = QPixmap((QSizeF(size) * ratio).toSize());
  pixmap.setDevicePixelRatio(ratio);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  painter.setRenderHint(QPainter::Antialiasing, true);
  painter.setPen(QPen(line, width));
  painter.setBrush(ground);
  const double inset = width / 2;
  painter.drawRoundedRect(QRectF(QPointF(), QSizeF(size)).adjusted(inset, inset, -inset, -inset),
                          kCorner, kCorner);
  painter.end();
  QPixmapCache::insert(key, pixmap);
  return pixmap;
}

// Four bars inside of `frame`: sharper than a pen, and several times as fast.
void outline(QPainter& painter, const QRectF& frame, double width, const QColor& colour) {
  const QSizeF flat(frame.width(), width), tall(width, frame.height() - 2 * width);
  const double below = frame.top() + width;
  painter.fillRect(QRectF(frame.topLeft(), flat), colour);
  painter.fillRect(QRectF(QPointF(frame.left(), frame.bottom() - width), flat), colour);
  painter.fillRect(QRectF(QPointF(frame.left(), below), tall), colour);
  painter.fillRect(QRectF(QPointF(frame.right() - width, below), tall), colour);
}

}  // namespace

QSize PhotoCard::sizeFor(int side, const QFontMetrics& metrics) {
  return {side + 2 * kPadding, side + 2 * kPadding + kNameGap + metrics.height()};
}

void PhotoCard::paint(QPainter& painter, const QRect& place, const QPalette& palette) const {
  paintFrame(painter, place, palette);
  const QRect inner = place.adjusted(kPadding, kPadding, -kPadding, -kPadding);
  const QRect frame(inner.topLeft(), QSize(inner.width(), inner.width()));
  paintPicture(painter, frame, palette);
  paintBadge(painter, frame, palette);
  paintName(painter, inner.adjusted(0, frame.height() + kNameGap, 0, 0), palette);
}

void PhotoCard::paintFrame(QPainter& painter, const QRect& place, const QPalette& palette) const {
  const QColor accent = palette.color(QPalette::Active, QPalette::Highlight);
  QColor ground = palette.color(QPalette::Base), line = palette.color(QPalette::Mid);
  if (hovered) {
    ground = mixed(ground, accent, 0.06);
    line = mixed(line, accent, 0.4);
  }
  if (current) {
    ground = mixed(ground, accent, 0.16);
    line = accent;
  }
  // A ring that is there only while the keyboard acts here.
  const double width = current && focused ? 2.5 : current ? 1.5 : 1;
  painter.drawPixmap(
      place.topLeft(),
      framePixmap(place.size(), painter.device()->devicePixelRatioF(), ground, line, width));
}

void PhotoCard::paintPicture(QPainter& painter, const QRect& frame, const QPalette& palette) const {
  painter.setRenderHint(QPainter::Antialiasing, false);
  if (thumbnail.isNull()) {
    const QColor ground = mixed(palette.color(QPalette::Base), palette.color(QPalette::Text), 0.06);
    const int inset = frame.height() / 8;
    painter.fillRect(frame.adjusted(0, inset, 0, -inset), ground);
    QRect icon(0, 0, kIcon, kIcon);
    icon.moveCenter(frame.center());
    painter.setOpacity(broken ? 0.9 : 0.35);
    themedIcon(broken ? QStringLiteral("warning") : QStringLiteral("photo")).paint(&painter, icon);
    painter.setOpacity(1);
    return;
  }
  // Made for this screen it is drawn pixel by pixel; one of another size stands in for it.
  const double ratio = painter.device()->devicePixelRatioF();
  const QSize logical = (QSizeF(thumbnail.size()) / ratio).toSize();
  const bool small = !full.isEmpty() && thumbnail.width() < full.width() &&
                     std::max(logical.width(), logical.height()) < frame.width() - 1;
  const QRect picture =
      small ? fittedInto(frame, full) : fittedInto(frame, logical.expandedTo({1, 1}));
  painter.setRenderHint(QPainter::SmoothPixmapTransform, logical != picture.size());
  painter.drawImage(picture, thumbnail);
  paintBoxes(painter, picture);
}

void PhotoCard::paintBoxes(QPainter& painter, const QRect& picture) const {
  if (boxes.empty() || full.isEmpty()) return;
  const double x = static_cast<double>(picture.width()) / full.width();
  const double y = static_cast<double>(picture.height()) / full.height();
  painter.save();
  painter.setClipRect(picture);
  const std::size_t count = std::min<std::size_t>(boxes.size(), kMostBoxes);
  for (std::size_t i = count; i-- > 0;) {
    const Box& box = boxes[i].box;
    const QRectF frame =
        QRectF(picture.x() + box.x * x, picture.y() + box.y * y, box.width * x, box.height * y)
            .toRect();
    const double width = i == 0 ? 2 : 1;
    QColor halo(Qt::black);
    halo.setAlphaF(0.4F);
    // Dark around and within, so that the line is seen on every photo.
    outline(painter, frame.adjusted(-1, -1, 1, 1), width + 2, halo);
    outline(painter, frame, width, i == 0 ? bestBoxColour() : otherBoxColour());
  }
  painter.restore();
}

void PhotoCard::paintBadge(QPainter& painter, const QRect& frame, const QPalette& palette) const {
  painter.setRenderHint(QPainter::Antialiasing, true);
  if (broken && !thumbnail.isNull()) {
    const QRect icon(frame.right() - 21, frame.top() + 4, 18, 18);
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette.color(QPalette::Base));
    painter.drawEllipse(icon.adjusted(-3, -3, 3, 3));
    themedIcon(QStringLiteral("warning")).paint(&painter, icon);
    return;
  }
  if (!score) return;
  const QString text = QCoreApplication::translate("PhotoCard", "%1%").arg(qRound(100 * *score));
  QFont font = painter.font();
  font.setBold(!boxes.empty());
  const QFontMetrics metrics(font);
  QRect badge(0, 0, metrics.horizontalAdvance(text) + 12, metrics.height() + 2);
  badge.moveTopRight(frame.topRight() + QPoint(-3, 4));
  QColor ground = bestBoxColour(), ink = bestBoxColour().darker(700);
  if (boxes.empty()) {
    ground = palette.color(QPalette::Base);
    ground.setAlphaF(0.85F);
    ink = quietText(palette);
  }
  painter.setPen(Qt::NoPen);
  painter.setBrush(ground);
  painter.drawRoundedRect(badge, badge.height() / 2.0, badge.height() / 2.0);
  painter.setPen(ink);
  const QFont before = painter.font();
  painter.setFont(font);
  painter.drawText(badge, Qt::AlignCenter, text);
  painter.setFont(before);
}

void PhotoCard::paintName(QPainter& painter, const QRect& line, const QPalette& palette) const {
  const bool quiet = !current && score && boxes.empty();
  painter.setPen(quiet || broken ? quietText(palette) : palette.color(QPalette::Text));
  const QFontMetrics metrics(painter.font());
  painter.drawText(line, Qt::AlignHCenter | Qt::AlignVCenter | Qt::TextSingleLine,
                   metrics.elidedText(name, Qt::ElideMiddle, line.width()));
}

}  // namespace inkling
