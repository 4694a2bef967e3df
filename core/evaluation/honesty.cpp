#include "core/evaluation/honesty.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/evaluation/coco_match.h"

namespace inkling {
namespace {

constexpr double kLeastScore = 0.05;
constexpr std::uint16_t kAtHalf = 1;  // bit of IoU 0.5

// Scores and truth of everything that was said.
struct Statements {
  std::vector<double> boxScores, photoScores;
  std::vector<bool> boxRight, photoRight;
  std::size_t accepted = 0, right = 0, wanted = 0;               // at the threshold, object there
  std::size_t absent = 0, absentAccepted = 0, absentFooled = 0;  // object not there
};

void addBoxes(const CellMatches& cell, bool present, double threshold, Statements& all) {
  const CellMatches::PerSize& any = cell.sizes[kAllSizes];
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < cell.scores.size(); ++i) {
    if ((any.ignored[i] & kAtHalf) != 0) continue;
    const bool right = (any.matched[i] & kAtHalf) != 0;
    if (cell.scores[i] >= kLeastScore) {
      all.boxScores.push_back(cell.scores[i]);
      all.boxRight.push_back(right);
    }
    if (cell.scores[i] < threshold) continue;
    ++accepted;
    if (right) ++all.right;
  }
  if (present) {
    all.accepted += accepted;
    all.wanted += any.wanted;
  } else {
    ++all.absent;
    all.absentAccepted += accepted;
    if (accepted > 0) ++all.absentFooled;
  }
}

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

Json binsJson(const Calibration& calibration) {
  Json bins = Json::array();
  for (const CalibrationBin& bin : calibration.bins) {
    bins.push_back({{"low", bin.low},
                    {"high", bin.high},
                    {"count", bin.count},
                    {"mean_score", bin.meanScore},
                    {"hit_rate", bin.hitRate}});
  }
  return bins;
}

Json orNull(double figure) { return std::isfinite(figure) ? Json(figure) : Json(nullptr); }

}  // namespace

Honesty evaluateHonesty(const CocoDataset& dataset, const std::vector<Query>& queries,
                        const std::vector<std::vector<ScoredBox>>& detections, double threshold,
                        const std::vector<double>& photoScores) {
  Statements all;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    const CellMatches cell = matchCell(cocoCellOf(dataset, queries[i], detections[i]));
    addBoxes(cell, queries[i].present, threshold, all);
    all.photoScores.push_back(photoScore(photoScores, detections, i));
    all.photoRight.push_back(queries[i].present);
  }
  Honesty honesty;
  honesty.boxes = expectedCalibrationError(all.boxScores, all.boxRight, 10);
  honesty.photos = expectedCalibrationError(all.photoScores, all.photoRight, 10, true);
  honesty.threshold = threshold;
  honesty.precision = share(all.right, all.accepted);
  honesty.recall = share(all.right, all.wanted);
  honesty.falsePositivesPerPhoto = share(all.absentAccepted, all.absent);
  honesty.photosWithFalseMatch = share(all.absentFooled, all.absent);
  return honesty;
}

Json toJson(const Honesty& honesty) {
  return {{"box_ece", orNull(honesty.boxes.error)},
          {"photo_ece", orNull(honesty.photos.error)},
          {"threshold", honesty.threshold},
          {"precision", honesty.precision},
          {"recall", honesty.recall},
          {"false_positives_per_photo", honesty.falsePositivesPerPhoto},
          {"photos_with_false_match", honesty.photosWithFalseMatch},
          {"box_bins", binsJson(honesty.boxes)},
          {"photo_bins", binsJson(honesty.photos)}};
}

std::string toText(const Honesty& honesty) {
  return fmt::format(
      "calibration     error of box scores {:.3f}, of photo scores {:.3f}\n"
      "threshold {:.3f}  boxes: precision {:.3f}, recall {:.3f}; of an absent thing {:.2f} boxes a "
      "photo, in {:.0f} % of photos\n",
      honesty.boxes.error, honesty.photos.error, honesty.threshold, honesty.precision,
      honesty.recall, honesty.falsePositivesPerPhoto, 100 * honesty.photosWithFalseMatch);
}

}  // namespace inkling
