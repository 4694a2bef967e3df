// Figures of rankings and of how far scores can be trusted.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace inkling {

/// The chance that a positive has a higher score than a negative, ties counted half (Mann and
/// Whitney 1947). NaN when either list is empty. Scores may be infinite, but not NaN.
double areaUnderRoc(std::span<const double> positives, std::span<const double> negatives);

/// The mean, over the relevant entries of a list that is sorted best first, of the precision down
/// to each. NaN when none is relevant.
double averagePrecision(const std::vector<bool>& relevance);

/// The part of the first `count` entries that is relevant. NaN for an empty list or a count of 0.
double precisionAt(const std::vector<bool>& relevance, std::size_t count);

struct CalibrationBin {
  double low = 0, high = 0;  ///< scores of the bin, `high` excluded but for the last
  std::size_t count = 0;
  double weight = 0;     ///< share of all
  double meanScore = 0;  ///< 0 when empty
  double hitRate = 0;    ///< 0 when empty
};

struct Calibration {
  double error = 0;  ///< expected calibration error: mean of |meanScore - hitRate|, by weight
  std::vector<CalibrationBin> bins;
};

/// Scores in 0 .. 1 in bins of equal width against how often they came true. An error of NaN for no
/// scores at all. Throws UsageError for lists of different length, a score out of range and less
/// than one bin. With `evenly`, those that came true and those that did not count half each,
/// however many there are.
///
/// C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
Calibration expectedCalibrationError(std::span<const double> scores, const std::vector<bool>& hits,
                                     std::size_t bins = 15, bool evenly = false);

}  // namespace inkling
