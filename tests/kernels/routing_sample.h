// Made-up jobs of routing attention, with memory of their own.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/kernels/routing_attention.h"

namespace inkling::kernels {

struct RoutingShape {
  std::int64_t photos, heads, headWidth, height, width, regionHeight, regionWidth, choices;
  std::int64_t localKernel = 0;
  std::int64_t gap = 0;  ///< numbers between the tokens, and at the start
};

/// A job with numbers of its own; queries, keys and values side by side, as one layer gives them.
struct RoutingSample {
  std::vector<float> qkv, output, taps, bias;
  std::vector<std::int64_t> chosen;
  RoutingAttention job;

  RoutingSample(const RoutingSample&) = delete;  // the job points into it
  RoutingSample(const RoutingShape& shape, float spread, std::uint64_t seed = 1) {
    Random random(seed);
    const std::int64_t dim = shape.heads * shape.headWidth, tokens = shape.height * shape.width;
    const auto fill = [&](std::vector<float>& values, std::int64_t count, double size) {
      values.resize(static_cast<std::size_t>(count));
      for (float& value : values) value = static_cast<float>(random.normal() * size);
    };
    job.tokenStride = 3 * dim + shape.gap;
    job.photoStride = tokens * job.tokenStride;
    fill(qkv, shape.photos * job.photoStride + shape.gap, spread);
    job.query = qkv.data() + shape.gap;
    job.key = job.query + dim;
    job.value = job.key + dim;
    job.outputTokenStride = dim + shape.gap;
    job.outputPhotoStride = tokens * job.outputTokenStride;
    output.assign(static_cast<std::size_t>(shape.photos * job.outputPhotoStride + shape.gap),
                  std::numeric_limits<float>::quiet_NaN());
    job.output = output.data() + shape.gap;
    job.photos = shape.photos;
    job.heads = shape.heads;
    job.headWidth = shape.headWidth;
    job.gridHeight = shape.height;
    job.gridWidth = shape.width;
    job.regionHeight = shape.regionHeight;
    job.regionWidth = shape.regionWidth;
    job.scale = 1.0F / std::sqrt(static_cast<float>(dim));
    if (shape.localKernel > 0) {
      fill(taps, shape.localKernel * shape.localKernel * dim, 1);
      fill(bias, dim, 1);
      job.localWeight = taps.data();
      job.localBias = bias.data();
      job.localKernel = shape.localKernel;
    }
    job.choices = shape.choices;
    for (std::int64_t i = 0; i < job.items(); ++i) {
      std::vector<std::int64_t> all(static_cast<std::size_t>(job.regions()));
      for (std::size_t r = 0; r < all.size(); ++r) all[r] = static_cast<std::int64_t>(r);
      random.shuffle(all);
      chosen.insert(chosen.end(), all.begin(), all.begin() + shape.choices);
    }
    job.chosen = chosen.data();
  }

  float at(const float* base, std::int64_t photo, std::int64_t token, std::int64_t channel) const {
    return base[photo * job.photoStride + token * job.tokenStride + channel];
  }
  std::int64_t regionOf(std::int64_t y, std::int64_t x) const {
    return y / job.regionHeight * job.regionColumns() + x / job.regionWidth;
  }
  bool sees(std::int64_t photo, std::int64_t region, std::int64_t other) const {
    const std::int64_t* list = job.chosen + (photo * job.regions() + region) * job.choices;
    return std::find(list, list + job.choices, other) != list + job.choices;
  }

  /// The definition, token by token in double precision.
  double expected(std::int64_t photo, std::int64_t token, std::int64_t channel) const {
    const std::int64_t head = channel / job.headWidth * job.headWidth;
    const std::int64_t y = token / job.gridWidth, x = token % job.gridWidth;
    std::vector<double> logits, values;
    for (std::int64_t other = 0; other < job.gridHeight * job.gridWidth; ++other) {
      if (!sees(photo, regionOf(y, x), regionOf(other / job.gridWidth, other % job.gridWidth)))
        continue;
      double sum = 0;
      for (std::int64_t c = head; c < head + job.headWidth; ++c)
        sum += static_cast<double>(at(job.query, photo, token, c)) * at(job.key, photo, other, c);
      logits.push_back(sum * job.scale);
      values.push_back(at(job.value, photo, other, channel));
    }
    const double highest = *std::max_element(logits.begin(), logits.end());
    double sum = 0, mixed = 0;
    for (std::size_t i = 0; i < logits.size(); ++i) {
      sum += std::exp(logits[i] - highest);
      mixed += std::exp(logits[i] - highest) * values[i];
    }
    return mixed / sum + local(photo, y, x, channel);
  }
  double local(std::int64_t photo, std::int64_t y, std::int64_t x, std::int64_t channel) const {
    if (job.localWeight == nullptr) return 0;
    double sum = job.localBias[channel];
    for (std::int64_t i = 0; i < job.localKernel * job.localKernel; ++i) {
      const std::int64_t v = y + i / job.localKernel - job.localKernel / 2,
                         u = x + i % job.localKernel - job.localKernel / 2;
      if (v < 0 || u < 0 || v >= job.gridHeight || u >= job.gridWidth) continue;
      sum += static_cast<double>(job.localWeight[i * job.heads * job.headWidth + channel]) *
             at(job.value, photo, v * job.gridWidth + u, channel);
    }
    return sum;
  }
};

inline void expectDefinition(const RoutingSample& sample, double tolerance) {
  const RoutingAttention& job = sample.job;
  double worst = 0, largest = 0;
  for (std::int64_t photo = 0; photo < job.photos; ++photo) {
    for (std::int64_t token = 0; token < job.gridHeight * job.gridWidth; ++token) {
      for (std::int64_t channel = 0; channel < job.heads * job.headWidth; ++channel) {
        const double wanted = sample.expected(photo, token, channel);
        const double got =
            job.output[photo * job.outputPhotoStride + token * job.outputTokenStride + channel];
        ASSERT_TRUE(std::isfinite(got)) << "photo " << photo << " token " << token;
        worst = std::max(worst, std::abs(got - wanted));
        largest = std::max(largest, std::abs(wanted));
      }
    }
  }
  EXPECT_LE(worst, tolerance * largest);
}

}  // namespace inkling::kernels
