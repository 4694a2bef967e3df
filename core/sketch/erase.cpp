#include "core/sketch/erase.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/sketch/line_distance.h"

namespace inkling {
namespace {

// Steps of the cut, as a part of the radius, and a guard for a long line under a tiny eraser.
constexpr double kStep = 1.0 / 12;
constexpr double kMostSteps = 4096;

InkBounds grown(InkBounds box, double by) {
  return {box.left - by, box.top - by, box.right + by, box.bottom + by};
}

bool touches(const InkBounds& box, double ax, double ay, double bx, double by) {
  return std::max(ax, bx) >= box.left && std::min(ax, bx) <= box.right &&
         std::max(ay, by) >= box.top && std::min(ay, by) <= box.bottom;
}

class Cutter {
 public:
  Cutter(const Stroke& pen, const Stroke& eraser, double radius)
      : pen_(pen), eraser_(eraser), radius_(radius), reach_(grown(boundsOf({eraser}), radius)) {}

  std::vector<Stroke> cut() {
    if (pen_.size() == 1) visit(0, 0, 0);
    for (std::size_t i = 0; i + 1 < pen_.size(); ++i) cutSegment(i);
    finishPiece();
    return std::move(pieces_);
  }

 private:
  void cutSegment(std::size_t i) {
    const double dx = double{pen_.x[i + 1]} - pen_.x[i], dy = double{pen_.y[i + 1]} - pen_.y[i];
    int steps = 1;
    if (touches(reach_, pen_.x[i], pen_.y[i], pen_.x[i + 1], pen_.y[i + 1])) {
      const double wanted = std::ceil(std::hypot(dx, dy) / (radius_ * kStep));
      steps = static_cast<int>(std::clamp(wanted, 1.0, kMostSteps));
    }
    if (i == 0) visit(0, 0, 0);
    for (int k = 1; k <= steps; ++k) visit(i, i + 1, double(k) / steps);
  }

  // The point `part` of the way from point a to point b of the pen.
  void visit(std::size_t a, std::size_t b, double part) {
    const auto mix = [&](const std::vector<float>& values) {
      return part == 1 ? values[b]
                       : static_cast<float>(values[a] + (double{values[b]} - values[a]) * part);
    };
    const float x = mix(pen_.x), y = mix(pen_.y);
    if (isErased(x, y)) return finishPiece();
    // A piece keeps its first and last point and the pen's own points; those between are only for
    // finding the cut.
    const bool own = part == 0 || part == 1;
    if (!lastIsOwn_ && piece_.size() > 1) dropLast();
    piece_.x.push_back(x);
    piece_.y.push_back(y);
    if (!pen_.t.empty()) piece_.t.push_back(mix(pen_.t));
    if (!pen_.pressure.empty()) piece_.pressure.push_back(mix(pen_.pressure));
    lastIsOwn_ = own;
  }

  bool isErased(double x, double y) const {
    if (!touches(reach_, x, y, x, y)) return false;
    const double limit = radius_ * radius_;
    if (eraser_.size() == 1) {
      return squaredDistance(x, y, eraser_.x[0], eraser_.y[0], eraser_.x[0], eraser_.y[0]) <= limit;
    }
    for (std::size_t i = 0; i + 1 < eraser_.size(); ++i) {
      if (squaredDistance(x, y, eraser_.x[i], eraser_.y[i], eraser_.x[i + 1], eraser_.y[i + 1]) <=
          limit) {
        return true;
      }
    }
    return false;
  }

  void dropLast() {
    piece_.x.pop_back();
    piece_.y.pop_back();
    if (!piece_.t.empty()) piece_.t.pop_back();
    if (!piece_.pressure.empty()) piece_.pressure.pop_back();
  }

  void finishPiece() {
    // A single point is kept only if the pen itself drew a dot; else it is a crumb at a cut.
    if (piece_.size() > 1 || (piece_.size() == 1 && pen_.size() == 1)) pieces_.push_back(piece_);
    piece_ = {};
    lastIsOwn_ = true;
  }

  const Stroke& pen_;
  const Stroke& eraser_;
  double radius_;
  InkBounds reach_;
  Stroke piece_;
  bool lastIsOwn_ = true;
  std::vector<Stroke> pieces_;
};

}  // namespace

std::vector<Stroke> eraseFrom(const Stroke& pen, const Stroke& eraser, double radius) {
  if (eraser.x.empty()) return {pen};
  return Cutter(pen, eraser, radius).cut();
}

}  // namespace inkling
