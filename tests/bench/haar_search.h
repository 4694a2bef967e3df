// What photo managers offer today for finding photos by a drawing (digiKam's sketch search, from
// ImgSeek), to compare with: C. Jacobs, A. Finkelstein, D. Salesin, "Fast Multiresolution Image
// Querying" (SIGGRAPH 1995). A picture is shrunk to 128 x 128, its channels Y, I, Q are decomposed
// into Haar wavelets, and of each the mean, and the places and signs of the 40 largest
// coefficients, are kept. A photo's score is high where these agree with those of the query.
//
//   const HaarSignature query = haarSignature(haarQueryPicture(sketch));
//   double score = haarScore(query, haarSignature(readPhoto(path)));   // bigger is better
#pragma once

#include <array>
#include <cstdint>

#include "core/image/image.h"
#include "core/sketch/sketch.h"

namespace inkling::bench {

constexpr int kHaarSide = 128;
constexpr int kHaarCoefficients = 40;

struct HaarSignature {
  /// Mean of the channels Y (0 .. 1), I, Q (about -0.6 .. 0.6).
  std::array<double, 3> average{};
  /// For each channel the places (row * 128 + column, never 0) of its largest coefficients,
  /// negative for negative coefficients, ascending. 0 fills up where there are fewer than 40 that
  /// are not zero (they come wherever 0 sorts).
  std::array<std::array<std::int16_t, kHaarCoefficients>, 3> largest{};

  friend bool operator==(const HaarSignature&, const HaarSignature&) = default;
};

/// Of any picture, whatever its size and aspect. Throws UsageError when it is empty.
HaarSignature haarSignature(const Image& picture);

/// The weights of the paper: for pictures scanned from a thumbnail, or painted by a person.
enum class HaarQuery { scanned, painted };

/// Minus the paper's distance, so that bigger is better.
double haarScore(const HaarSignature& query, const HaarSignature& photo,
                 HaarQuery kind = HaarQuery::painted);

/// The drawing as a person would make it there: the whole page, in black with a pen of 10 pixels on
/// white paper of 256.
Image haarQueryPicture(const Sketch& sketch);

}  // namespace inkling::bench
