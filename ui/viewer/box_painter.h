// Found boxes as frames with plates that tell their scores.
#pragma once

#include <QPainter>
#include <QTransform>
#include <vector>

#include "core/geometry/box.h"

namespace inkling {

struct BoxStyle {
  double unit = 1;      ///< size of a pixel of the screen: lines keep their width at any zoom
  int emphasised = -1;  ///< number of the box that stands out; -1: none
  bool wash = true;     ///< tint its inside; off above a heat map, whose colours mean something
};

/// Draws `boxes`, best first, in pixels of the photo: the best on top, and above it the emphasised
/// one. `toView` places the photo; plates stay inside of `room`. Letters have the painter's font.
void paintBoxes(QPainter& painter, const std::vector<ScoredBox>& boxes, const QTransform& toView,
                const QRectF& room, const BoxStyle& style);

/// "87%"
QString scoreText(double score);

QRectF toRect(const Box& box);

}  // namespace inkling
