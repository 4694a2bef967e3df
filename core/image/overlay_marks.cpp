#include "core/image/overlay_marks.h"

#include <algorithm>

#include <opencv2/imgproc.hpp>

#include "core/image/matrix.h"
#include "core/image/overlay.h"

namespace inkling {
namespace {

constexpr int kShift = 4;  // bits of a fraction of a pixel in OpenCV's coordinates
const cv::Scalar kWhite = {255, 255, 255}, kDark = {20, 20, 24};

cv::Scalar scalar(Rgb c) { return {double(c.r), double(c.g), double(c.b)}; }

class MarkPainter {
 public:
  explicit MarkPainter(Image& photo)
      : picture_(matrixOf(photo)),
        unit_(std::clamp(std::max(photo.width, photo.height) / 500.0, 1.0, 8.0)) {}

  // White on dark, so that it shows on any colour.
  void frame(const Box& region) {
    const cv::Point2d from(region.x * picture_.cols, region.y * picture_.rows),
        to(region.right() * picture_.cols, region.bottom() * picture_.rows);
    for (const auto& [colour, width] : {std::pair(kDark, 3.0), std::pair(kWhite, 1.2)})
      cv::rectangle(picture_, fixed(from), fixed(to), colour, thick(width), cv::LINE_AA, kShift);
  }

  void dot(const OverlayMarks::Point& point) {
    const cv::Point2d at = placeOf(point);
    disc(at, 3.4, kDark);
    disc(at, 2.4, scalar(groupColour(static_cast<std::size_t>(std::max(0, point.group)))));
  }

  void ring(const OverlayMarks::Point& place) {
    const cv::Point2d at = placeOf(place);
    for (const auto& [colour, width] : {std::pair(kDark, 4.0), std::pair(kWhite, 1.8)}) {
      cv::circle(picture_, fixed(at), whole(8 * unit_), colour, thick(width), cv::LINE_AA, kShift);
      for (const cv::Point2d way : {cv::Point2d(1, 0), {-1, 0}, {0, 1}, {0, -1}})
        cv::line(picture_, fixed(at + way * 4 * unit_), fixed(at + way * 12 * unit_), colour,
                 thick(width), cv::LINE_AA, kShift);
    }
  }

 private:
  cv::Point2d placeOf(const OverlayMarks::Point& p) const {
    return {p.x * picture_.cols, p.y * picture_.rows};
  }
  void disc(cv::Point2d at, double radius, const cv::Scalar& colour) {
    cv::circle(picture_, fixed(at), whole(radius * unit_), colour, cv::FILLED, cv::LINE_AA, kShift);
  }
  int thick(double width) const { return std::max(1, cvRound(width * unit_)); }
  static int whole(double length) { return cvRound(length * (1 << kShift)); }
  static cv::Point fixed(cv::Point2d p) { return {whole(p.x - 0.5), whole(p.y - 0.5)}; }

  cv::Mat picture_;
  const double unit_;
};

}  // namespace

void drawMarks(Image& photo, const OverlayMarks& marks) {
  MarkPainter painter(photo);
  for (const Box& region : marks.regions) {
    const Box seen = intersection(region, {0, 0, 1, 1});
    if (!seen.empty()) painter.frame(seen);
  }
  for (const OverlayMarks::Point& point : marks.points) {
    if (point.onPhoto()) painter.dot(point);
  }
  if (marks.place && marks.place->onPhoto()) painter.ring(*marks.place);
}

}  // namespace inkling
