// Steadies a trembling hand: the line follows the pen as if pulled by a string.
//
//   Stabiliser steady(0.5);
//   for (QPointF raw : pen) line << steady.next(raw);
//   line << steady.finish();         // the line ends where the pen did
#pragma once

#include <QPointF>

namespace inkling {

class Stabiliser {
 public:
  /// `strength` 0 (follows exactly) .. 1 (a long string), clamped.
  explicit Stabiliser(double strength = 0);

  /// Starts a new line, which begins at the pen.
  void start(QPointF raw);
  /// Where the line goes when the pen is at `raw`.
  QPointF next(QPointF raw);
  /// The last raw point.
  QPointF finish() const { return raw_; }

 private:
  double follow_;  ///< share of the way to the pen that a point moves
  QPointF raw_, steady_;
};

}  // namespace inkling
