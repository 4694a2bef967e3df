#include "tests/bench/haar_search.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

#include "core/image/resize.h"
#include "core/sketch/rasterise.h"

namespace inkling::bench {
namespace {

constexpr std::size_t kSide = kHaarSide;
constexpr std::size_t kBins = 6;
using Plane = std::vector<double>;
using Weights = std::array<std::array<double, 3>, kBins>;

// Table 1 of the paper: by bin (0 is the mean), then channel Y, I, Q.
constexpr Weights kScanned = {{{5.00, 19.21, 34.37},
                               {0.83, 1.26, 0.36},
                               {1.01, 0.44, 0.45},
                               {0.52, 0.53, 0.14},
                               {0.47, 0.28, 0.18},
                               {0.30, 0.14, 0.27}}};
constexpr Weights kPainted = {{{4.04, 15.14, 22.62},
                               {0.78, 0.92, 0.40},
                               {0.46, 0.53, 0.63},
                               {0.42, 0.26, 0.25},
                               {0.41, 0.14, 0.15},
                               {0.32, 0.07, 0.38}}};

std::array<Plane, 3> yiq(const Image& picture) {
  std::array<Plane, 3> planes;
  for (std::size_t i = 0; i < kSide * kSide; ++i) {
    const double r = picture.rgb[3 * i] / 255.0, g = picture.rgb[3 * i + 1] / 255.0,
                 b = picture.rgb[3 * i + 2] / 255.0;
    planes[0].push_back(0.299 * r + 0.587 * g + 0.114 * b);
    planes[1].push_back(0.596 * r - 0.275 * g - 0.321 * b);
    planes[2].push_back(0.212 * r - 0.523 * g + 0.311 * b);
  }
  return planes;
}

// One row or column, all the way down to a single mean, orthonormal at each step.
void decompose(double* values, std::size_t stride) {
  std::array<double, kSide> next{};
  for (std::size_t length = kSide; length > 1; length /= 2) {
    for (std::size_t i = 0; i < length / 2; ++i) {
      const double a = values[2 * i * stride], b = values[(2 * i + 1) * stride];
      next[i] = (a + b) / std::numbers::sqrt2;
      next[length / 2 + i] = (a - b) / std::numbers::sqrt2;
    }
    for (std::size_t i = 0; i < length; ++i) values[i * stride] = next[i];
  }
}

// The "standard" decomposition: every row as a whole, then every column.
void decompose(Plane& plane) {
  for (std::size_t row = 0; row < kSide; ++row) decompose(plane.data() + row * kSide, 1);
  for (std::size_t column = 0; column < kSide; ++column) decompose(plane.data() + column, kSide);
}

std::array<std::int16_t, kHaarCoefficients> largest(const Plane& plane) {
  // Sums of equal values leave crumbs that are no coefficients.
  constexpr double kZero = 1e-9;
  std::vector<std::int16_t> places(kSide * kSide - 1);
  std::iota(places.begin(), places.end(), std::int16_t{1});
  const auto size = [&](std::int16_t place) {
    return std::abs(plane[static_cast<std::size_t>(place)]);
  };
  std::ranges::partial_sort(places, places.begin() + kHaarCoefficients,
                            [&](std::int16_t a, std::int16_t b) {
                              return size(a) != size(b) ? size(a) > size(b) : a < b;
                            });
  std::array<std::int16_t, kHaarCoefficients> kept{};
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const double value = plane[static_cast<std::size_t>(places[i])];
    if (std::abs(value) < kZero) break;
    kept[i] = static_cast<std::int16_t>(value < 0 ? -places[i] : places[i]);
  }
  std::ranges::sort(kept);
  return kept;
}

std::size_t bin(std::int16_t signedPlace) {
  const auto place = static_cast<std::size_t>(std::abs(signedPlace));
  return std::min(std::max(place / kSide, place % kSide), kBins - 1);
}

}  // namespace

HaarSignature haarSignature(const Image& picture) {
  auto planes = yiq(resize(picture, {kHaarSide, kHaarSide}));
  HaarSignature signature;
  for (std::size_t channel = 0; channel < planes.size(); ++channel) {
    decompose(planes[channel]);
    signature.average[channel] = planes[channel][0] / static_cast<double>(kSide);
    signature.largest[channel] = largest(planes[channel]);
  }
  return signature;
}

double haarScore(const HaarSignature& query, const HaarSignature& photo, HaarQuery kind) {
  const Weights& weights = kind == HaarQuery::scanned ? kScanned : kPainted;
  double distance = 0;
  for (std::size_t channel = 0; channel < 3; ++channel) {
    distance += weights[0][channel] * std::abs(query.average[channel] - photo.average[channel]);
    for (const std::int16_t place : query.largest[channel]) {
      if (place != 0 && std::ranges::binary_search(photo.largest[channel], place))
        distance -= weights[bin(place)][channel];
    }
  }
  return -distance;
}

Image haarQueryPicture(const Sketch& sketch) {
  const InkRaster page = renderPage(sketch, 256, 10.0F);
  Image picture(Size{page.width, page.height});
  for (std::size_t i = 0; i < page.ink.size(); ++i) {
    const auto paper = static_cast<std::uint8_t>(255 - page.ink[i]);
    std::fill_n(picture.rgb.begin() + static_cast<std::ptrdiff_t>(3 * i), 3, paper);
  }
  return picture;
}

}  // namespace inkling::bench
