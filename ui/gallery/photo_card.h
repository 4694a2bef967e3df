// How one photo looks in the gallery: a card with the thumbnail, its boxes, its score and its name.
#pragma once

#include <QImage>
#include <QPainter>
#include <QPalette>
#include <QRect>
#include <QString>
#include <optional>
#include <span>

#include "core/geometry/box.h"

namespace inkling {

struct PhotoCard {
  QString name;
  QImage thumbnail;                  ///< null while it is loaded
  QSize full;                        ///< of the photo, in the pixels of the boxes
  std::optional<float> score;        ///< 0..1
  std::span<const ScoredBox> boxes;  ///< from the threshold up, best first
  bool broken = false;               ///< cannot be used
  bool current = false, focused = false, hovered = false;

  /// The size of a card whose thumbnail has at most `side` logical pixels.
  static QSize sizeFor(int side, const QFontMetrics& metrics);

  /// Into a place of that size.
  void paint(QPainter& painter, const QRect& place, const QPalette& palette) const;

 private:
  void paintFrame(QPainter& painter, const QRect& place, const QPalette& palette) const;
  void paintPicture(QPainter& painter, const QRect& frame, const QPalette& palette) const;
  void paintBoxes(QPainter& painter, const QRect& picture) const;
  void paintBadge(QPainter& painter, const QRect& frame, const QPalette& palette) const;
  void paintName(QPainter& painter, const QRect& line, const QPalette& palette) const;
};

}  // namespace inkling
