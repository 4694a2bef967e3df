#include "core/sketch/svg_path.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/error.h"
#include "core/sketch/svg_numbers.h"

namespace inkling {
namespace {

constexpr int kCurvePieces = 16;
constexpr int kPiecesOfQuarter = 8;
constexpr double kPi = std::numbers::pi;

class PathParser {
 public:
  explicit PathParser(std::string_view data) : in_(data) {}

  std::vector<SvgLine> parse() {
    while (!in_.done()) {
      command_ = in_.take();
      if (command_ == 'Z' || command_ == 'z') {
        close();
        continue;
      }
      do {
        step();
        // Pairs after a first move are lines.
        if (command_ == 'M') command_ = 'L';
        if (command_ == 'm') command_ = 'l';
      } while (in_.atNumber());
    }
    return std::move(lines_);
  }

 private:
  bool relative() const { return command_ >= 'a'; }

  SvgPoint point() {
    const double x = in_.number(), y = in_.number();
    return relative() ? SvgPoint{here_.x + x, here_.y + y} : SvgPoint{x, y};
  }

  void step() {
    // The first control point of S and T mirrors the last one of the curve before, if there is such
    // a curve.
    const char kind = relative() ? static_cast<char>(command_ - 32) : command_;
    if (lines_.empty() && kind != 'M') fail<InputError>("a path does not start with M");
    const SvgPoint mirror{2 * here_.x - control_.x, 2 * here_.y - control_.y};
    const bool wasCubic = last_ == 'C' || last_ == 'S', wasQuad = last_ == 'Q' || last_ == 'T';
    last_ = kind;
    switch (kind) {
      case 'M':
        move(point());
        break;
      case 'L':
        line(point());
        break;
      case 'H':
        line({in_.number() + (relative() ? here_.x : 0), here_.y});
        break;
      case 'V':
        line({here_.x, in_.number() + (relative() ? here_.y : 0)});
        break;
      case 'C': {
        const SvgPoint first = point(), second = point();
        cubic(first, second, point());
        break;
      }
      case 'S': {
        const SvgPoint second = point();
        cubic(wasCubic ? mirror : here_, second, point());
        break;
      }
      case 'Q': {
        const SvgPoint middle = point();
        quadratic(middle, point());
        break;
      }
      case 'T':
        quadratic(wasQuad ? mirror : here_, point());
        break;
      case 'A':
        arc();
        break;
      default:
        fail<InputError>("a path has an unknown command (code {})", int{command_});
    }
  }

  void move(SvgPoint to) {
    lines_.push_back({to});
    here_ = start_ = to;
  }

  void line(SvgPoint to) {
    if (closed_) lines_.push_back({here_});
    closed_ = false;
    lines_.back().push_back(to);
    here_ = to;
  }

  void close() {
    if (lines_.empty()) fail<InputError>("a path does not start with M");
    if (!closed_) line(start_);
    here_ = start_;
    last_ = 'Z';
    closed_ = true;
  }

  void cubic(SvgPoint b, SvgPoint c, SvgPoint d) {
    const SvgPoint a = here_;
    for (int i = 1; i <= kCurvePieces; ++i) {
      const double t = double(i) / kCurvePieces, s = 1 - t;
      const double wa = s * s * s, wb = 3 * s * s * t, wc = 3 * s * t * t, wd = t * t * t;
      line({wa * a.x + wb * b.x + wc * c.x + wd * d.x, wa * a.y + wb * b.y + wc * c.y + wd * d.y});
    }
    control_ = c;
  }

  void quadratic(SvgPoint b, SvgPoint c) {
    const SvgPoint a = here_;
    for (int i = 1; i <= kCurvePieces; ++i) {
      const double t = double(i) / kCurvePieces, s = 1 - t;
      line({s * s * a.x + 2 * s * t * b.x + t * t * c.x,
            s * s * a.y + 2 * s * t * b.y + t * t * c.y});
    }
    control_ = b;
  }

  // From end points to centre and angles: SVG 1.1, appendix F.6.
  void arc() {
    double rx = std::abs(in_.number()), ry = std::abs(in_.number());
    const double turn = in_.number() * kPi / 180;
    const bool large = in_.flag(), sweep = in_.flag();
    const SvgPoint from = here_, to = point();
    if (!(rx > 0 && ry > 0)) return line(to);
    if (from.x == to.x && from.y == to.y) return;
    const double cosine = std::cos(turn), sine = std::sin(turn);
    const double dx = (from.x - to.x) / 2, dy = (from.y - to.y) / 2;
    const double x = cosine * dx + sine * dy, y = -sine * dx + cosine * dy;
    const double excess = x * x / (rx * rx) + y * y / (ry * ry);
    if (excess > 1) {
      rx *= std::sqrt(excess);
      ry *= std::sqrt(excess);
    }
    const double denominator = rx * rx * y * y + ry * ry * x * x;
    double factor = std::sqrt(std::max(0.0, rx * rx * ry * ry / denominator - 1));
    if (!std::isfinite(factor)) return line(to);
    if (large == sweep) factor = -factor;
    const double cx = factor * rx * y / ry, cy = -factor * ry * x / rx;
    const double begin = std::atan2((y - cy) / ry, (x - cx) / rx);
    double sweepAngle = std::atan2((-y - cy) / ry, (-x - cx) / rx) - begin;
    if (sweep && sweepAngle < 0) sweepAngle += 2 * kPi;
    if (!sweep && sweepAngle > 0) sweepAngle -= 2 * kPi;
    const SvgPoint centre{cosine * cx - sine * cy + (from.x + to.x) / 2,
                          sine * cx + cosine * cy + (from.y + to.y) / 2};
    const int pieces = std::max(
        1, static_cast<int>(std::ceil(std::abs(sweepAngle) / (kPi / 2) * kPiecesOfQuarter)));
    for (int i = 1; i < pieces; ++i) {
      const double angle = begin + sweepAngle * i / pieces;
      const double ex = rx * std::cos(angle), ey = ry * std::sin(angle);
      line({centre.x + cosine * ex - sine * ey, centre.y + sine * ex + cosine * ey});
    }
    line(to);
  }

  SvgNumbers in_;
  char command_ = 0, last_ = 0;
  SvgPoint here_, start_, control_;
  bool closed_ = false;
  std::vector<SvgLine> lines_;
};

}  // namespace

std::vector<SvgLine> parseSvgPath(std::string_view data) { return PathParser(data).parse(); }

SvgLine ellipseLine(double cx, double cy, double rx, double ry) {
  SvgLine line;
  for (int i = 0; i <= 4 * kPiecesOfQuarter; ++i) {
    const double angle = i * kPi / 2 / kPiecesOfQuarter;
    line.push_back({cx + rx * std::cos(angle), cy + ry * std::sin(angle)});
  }
  return line;
}

}  // namespace inkling
