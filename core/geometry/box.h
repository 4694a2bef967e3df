// Axis-aligned boxes. Coordinates are continuous pixels: the box (0, 0, 1, 1) is exactly the first
// pixel, the origin is the top-left corner of the frame (photo, model input, ...) that the box
// lives in.
#pragma once

#include "core/geometry/size.h"

namespace inkling {

/// A box whose width or height is not positive is empty; its area is 0.
struct Box {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;

  double right() const { return x + width; }
  double bottom() const { return y + height; }
  double area() const { return empty() ? 0.0 : width * height; }
  bool empty() const { return !(width > 0 && height > 0); }

  friend bool operator==(const Box&, const Box&) = default;
};

/// A box with how sure the model is of it, 0..1.
struct ScoredBox {
  Box box;
  double score = 0;

  friend bool operator==(const ScoredBox&, const ScoredBox&) = default;
};

/// The box between two opposite corners, in any order.
Box fromCorners(double x0, double y0, double x1, double y1);

/// The part that both boxes cover; Box{} when they do not overlap.
Box intersection(const Box& a, const Box& b);

/// Intersection over union, 0..1. 0 when either box is empty.
double iou(const Box& a, const Box& b);

/// Generalized IoU, -1..1: the IoU less the share of the smallest enclosing box that neither
/// covers. It tells how far apart boxes are that do not touch. H. Rezatofighi et al., "Generalized
/// Intersection over Union", CVPR 2019.
double generalizedIou(const Box& a, const Box& b);

/// The part of `box` inside a frame of this size; Box{} when there is none.
Box clip(const Box& box, Size frame);

/// The same centre, both sides multiplied by `factor`.
Box scaledAboutCentre(const Box& box, double factor);

}  // namespace inkling
