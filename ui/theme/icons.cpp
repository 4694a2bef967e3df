#include "ui/theme/icons.h"

#include <QApplication>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace inkling {
namespace {

// Draws the picture anew for each size and colour; the pixmap cache keeps what was drawn.
class LineIcon : public QIconEngine {
 public:
  explicit LineIcon(const QString& name) : name_(name) {
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (file.open(QIODevice::ReadOnly)) svg_ = file.readAll();
  }

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override {
    if (svg_.isEmpty()) return;
    const qreal ratio = painter->device()->devicePixelRatio();
    painter->drawPixmap(rect, scaledPixmap(rect.size() * ratio, mode, state, ratio));
  }

  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    return scaledPixmap(size, mode, state, 1);
  }

  QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal) override {
    const QColor colour = colourOf(mode, state);
    const QString key = QStringLiteral("inkling-icon-%1-%2-%3-%4")
                            .arg(name_, colour.name())
                            .arg(size.width())
                            .arg(size.height());
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap)) return pixmap;
    pixmap = QPixmap(size);
    pixmap.fill(Qt::transparent);
    QByteArray coloured = svg_;
    coloured.replace("currentColor", colour.name().toUtf8());
    QSvgRenderer renderer(coloured);
    QPainter painter(&pixmap);
    renderer.render(&painter);
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
  }

  bool isNull() override { return svg_.isEmpty(); }
  QString key() const override { return QStringLiteral("inkling-line-icon"); }
  QIconEngine* clone() const override { return new LineIcon(*this); }

 private:
  static QColor colourOf(QIcon::Mode mode, QIcon::State) {
    const QPalette palette = QApplication::palette();
    if (mode == QIcon::Selected) return palette.color(QPalette::HighlightedText);
    const auto group = mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active;
    return palette.color(group, QPalette::ButtonText);
  }

  QString name_;
  QByteArray svg_;
};

}  // namespace

QIcon themedIcon(const QString& name) { return QIcon(new LineIcon(name)); }

}  // namespace inkling
