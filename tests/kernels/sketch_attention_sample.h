// Made-up jobs of sketch attention, with memory of their own.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/kernels/sketch_attention.h"

namespace inkling::kernels {

struct SketchShape {
  std::int64_t photos, tokens, keys, heads, headWidth;
  MapReduction reduction = MapReduction::kMean;
  bool hasBias = false;       ///< every fifth key is hidden then
  bool isOneDrawing = false;  ///< for all photos
  std::int64_t gap = 0;       ///< numbers between tokens, and at the start
  std::string name() const {
    return std::to_string(photos) + " photos of " + std::to_string(tokens) + " tokens, " +
           std::to_string(keys) + " keys, " + std::to_string(heads) + " heads of " +
           std::to_string(headWidth) + ", gap " + std::to_string(gap);
  }
};

struct SketchSample {
  std::vector<float> query, key, value, bias, output, map;
  SketchAttention job;

  SketchSample(const SketchSample&) = delete;  // the job points into it
  explicit SketchSample(const SketchShape& shape, float spread = 1) {
    Random random(1);
    const std::int64_t dim = shape.heads * shape.headWidth, gap = shape.gap;
    const std::int64_t drawings = shape.isOneDrawing ? 1 : shape.photos;
    const auto make = [&](auto& matrix, std::vector<float>& memory, std::int64_t photos,
                          std::int64_t tokens, std::int64_t numbers, auto&& number) {
      matrix.tokenStride = numbers + gap;
      matrix.photoStride = photos == shape.photos ? tokens * matrix.tokenStride : 0;
      memory.resize(static_cast<std::size_t>(photos * tokens * matrix.tokenStride + gap));
      for (float& each : memory) each = static_cast<float>(number());
      matrix.first = memory.data() + gap;
    };
    const auto normal = [&] { return random.normal() * static_cast<double>(spread); };
    const auto none = [] { return std::numeric_limits<double>::quiet_NaN(); };
    make(job.query, query, shape.photos, shape.tokens, dim, normal);
    make(job.key, key, drawings, shape.keys, dim, normal);
    make(job.value, value, drawings, shape.keys, dim, normal);
    make(job.output, output, shape.photos, shape.tokens, dim, none);
    make(job.map, map, shape.photos, shape.tokens, shape.keys, none);
    job.photos = shape.photos;
    job.tokens = shape.tokens;
    job.keys = shape.keys;
    job.heads = shape.heads;
    job.headWidth = shape.headWidth;
    job.scale = 1 / std::sqrt(static_cast<float>(shape.headWidth));
    job.reduction = shape.reduction;
    job.mapHead = shape.heads - 1;
    if (!shape.hasBias) return;
    for (std::int64_t i = 0; i < drawings * shape.keys; ++i)
      bias.push_back(i % 5 == 3 ? -std::numeric_limits<float>::infinity()
                                : static_cast<float>(random.normal()));
    job.keyBias = bias.data();
    job.biasPhotoStride = shape.isOneDrawing ? 0 : shape.keys;
  }

  /// The definition, in double precision: the weights of all keys.
  std::vector<double> weights(std::int64_t photo, std::int64_t token, std::int64_t head) const {
    std::vector<double> all;
    for (std::int64_t j = 0; j < job.keys; ++j) {
      double sum = 0;
      for (std::int64_t c = head * job.headWidth; c < (head + 1) * job.headWidth; ++c)
        sum += static_cast<double>(job.query.at(photo, token)[c]) * job.key.at(photo, j)[c];
      sum *= job.scale;
      if (job.keyBias != nullptr) sum += job.keyBias[photo * job.biasPhotoStride + j];
      all.push_back(sum);
    }
    const double highest = *std::max_element(all.begin(), all.end());
    double sum = 0;
    for (double& each : all) sum += each = std::exp(each - highest);
    for (double& each : all) each /= sum;
    return all;
  }
  double expectedOutput(std::int64_t photo, std::int64_t token, std::int64_t channel) const {
    const std::vector<double> all = weights(photo, token, channel / job.headWidth);
    double sum = 0;
    for (std::int64_t j = 0; j < job.keys; ++j)
      sum += all[static_cast<std::size_t>(j)] * job.value.at(photo, j)[channel];
    return sum;
  }
  std::vector<double> expectedMap(std::int64_t photo, std::int64_t token) const {
    if (job.reduction == MapReduction::kOneHead) return weights(photo, token, job.mapHead);
    std::vector<double> reduced(static_cast<std::size_t>(job.keys));
    for (std::int64_t head = 0; head < job.heads; ++head) {
      const std::vector<double> all = weights(photo, token, head);
      for (std::size_t j = 0; j < all.size(); ++j)
        reduced[j] = job.reduction == MapReduction::kMean
                         ? reduced[j] + all[j] / static_cast<double>(job.heads)
                         : std::max(reduced[j], all[j]);
    }
    return reduced;
  }
};

/// One and many tokens, keys and heads; widths that no vector fits; with and without the rest.
inline std::vector<SketchShape> sketchShapes() {
  using enum MapReduction;
  return {{1, 1, 1, 1, 1},
          {1, 3, 2, 1, 4, kOneHead},
          {2, 70, 17, 3, 7, kMean, true, false, 1},
          {2, 65, 33, 2, 17, kMaximum, true, true},
          {1, 40, 100, 8, 32, kMean, true},
          {3, 16, 64, 8, 32, kMaximum, false, true, 4},
          {1, 20, 129, 9, 32, kOneHead, true, false, 3},
          {1, 5, 70, 19, 8, kMean},
          {1, 5, 40, 13, 4, kMaximum, true},
          {2, 20, 45, 3, 64, kMean, true, true, 4},
          {1, 20, 45, 5, 128, kMaximum},
          {1, 9, 40, 4, 101, kOneHead, false, false, 2}};
}

}  // namespace inkling::kernels
