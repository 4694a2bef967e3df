// Made-up jobs of deformable sampling, with memory of their own.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "core/base/random.h"
#include "core/kernels/deformable_sampling.h"

namespace inkling::kernels {

struct SamplingSample {
  using Grid = std::pair<std::int64_t, std::int64_t>;  ///< height, width
  std::string name;
  std::vector<float> value, location, weight, output;

  SamplingSample(std::string what, const std::vector<Grid>& grids, std::int64_t photos,
                 std::int64_t queries, std::int64_t heads, std::int64_t headWidth,
                 std::int64_t points)
      : name(std::move(what)) {
    Random random(1);
    std::int64_t tokens = 0;
    for (const auto& [height, width] : grids) {
      job_.levels.push_back({height, width, tokens});
      tokens += height * width;
    }
    const auto fill = [&](std::vector<float>& values, std::int64_t count, auto&& number) {
      values.resize(static_cast<std::size_t>(count));
      for (float& each : values) each = static_cast<float>(number());
    };
    const std::int64_t samples =
        photos * queries * heads * static_cast<std::int64_t>(grids.size()) * points;
    fill(value, photos * tokens * heads * headWidth, [&] { return random.normal(); });
    fill(location, samples * 2, [&] { return random.uniform(-0.3, 1.3); });  // some outside
    fill(weight, samples, [&] { return random.uniform(-1, 1); });
    output.assign(static_cast<std::size_t>(photos * queries * heads * headWidth),
                  std::numeric_limits<float>::quiet_NaN());
    job_.tokenStride = heads * headWidth;
    job_.photoStride = tokens * job_.tokenStride;
    job_.photos = photos;
    job_.queries = queries;
    job_.heads = heads;
    job_.headWidth = headWidth;
    job_.points = points;
  }

  /// On the memory of this sample, which must stay.
  DeformableSampling job() {
    DeformableSampling job = job_;
    job.value = value.data();
    job.location = location.data();
    job.weight = weight.data();
    job.output = output.data();
    return job;
  }

  /// The definition: every token counts with its share of each sample, max(0, 1 - distance) in both
  /// directions.
  double expected(std::int64_t photo, std::int64_t query, std::int64_t channel) const {
    const auto levels = static_cast<std::int64_t>(job_.levels.size());
    const std::int64_t head = channel / job_.headWidth;
    double sum = 0;
    for (std::int64_t l = 0; l < levels; ++l) {
      const auto& level = job_.levels[at(l)];
      for (std::int64_t p = 0; p < job_.points; ++p) {
        const std::int64_t i =
            (((photo * job_.queries + query) * job_.heads + head) * levels + l) * job_.points + p;
        for (std::int64_t token = 0; token < level.height * level.width; ++token) {
          const auto along = [&](std::int64_t token_, std::int64_t axis, std::int64_t size) {
            const double place = location[at(2 * i + axis)] * static_cast<double>(size) - 0.5;
            return std::max(0.0, 1 - std::abs(place - static_cast<double>(token_)));
          };
          const double share = along(token % level.width, 0, level.width) *
                               along(token / level.width, 1, level.height);
          sum += share * weight[at(i)] *
                 value[at(photo * job_.photoStride + (level.first + token) * job_.tokenStride +
                          channel)];
        }
      }
    }
    return sum;
  }

 private:
  static std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }
  DeformableSampling job_;
};

/// Grids of one token, of several levels, widths that no vector fits, many channels.
inline std::vector<SamplingSample> samplingSamples() {
  return {{"one token", {{1, 1}}, 1, 3, 1, 1, 2},
          {"two levels", {{5, 3}, {7, 7}}, 2, 9, 3, 7, 2},
          {"four levels", {{13, 20}, {7, 10}, {4, 5}, {1, 2}}, 2, 20, 4, 32, 4},
          {"one row", {{1, 9}}, 1, 50, 2, 17, 1},
          {"one point a query", {{6, 6}}, 2, 40, 1, 8, 1}};
}

}  // namespace inkling::kernels
