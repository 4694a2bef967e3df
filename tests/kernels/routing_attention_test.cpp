#include "core/kernels/routing_attention.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "tests/kernels/all_instructions.h"

namespace inkling::kernels {
namespace {

struct Shape {
  std::int64_t photos, heads, headWidth, height, width, regionHeight, regionWidth, choices;
  std::int64_t localKernel = 0;
};

// A job with numbers of its own; queries, keys and values side by side, as one layer gives them.
struct Sample {
  std::vector<float> qkv, output, taps, bias;
  std::vector<std::int64_t> chosen;
  RoutingAttention job;

  Sample(const Shape& shape, float spread, std::uint64_t seed = 1) {
    Random random(seed);
    const std::int64_t dim = shape.heads * shape.headWidth, tokens = shape.height * shape.width;
    const auto fill = [&](std::vector<float>& values, std::int64_t count, double size) {
      values.resize(static_cast<std::size_t>(count));
      for (float& value : values) value = static_cast<float>(random.normal() * size);
    };
    fill(qkv, shape.photos * tokens * 3 * dim, spread);
    output.assign(static_cast<std::size_t>(shape.photos * tokens * dim),
                  std::numeric_limits<float>::quiet_NaN());
    job.query = qkv.data();
    job.key = job.query + dim;
    job.value = job.key + dim;
    job.tokenStride = 3 * dim;
    job.photoStride = tokens * 3 * dim;
    job.output = output.data();
    job.outputTokenStride = dim;
    job.outputPhotoStride = tokens * dim;
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

  // The definition, token by token in double precision.
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

void expectDefinition(const Sample& sample, double tolerance) {
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

class RoutingKernel : public testing::TestWithParam<Instructions> {
 protected:
  void SetUp() override {
    if (!supported(GetParam())) GTEST_SKIP() << "this processor does not have these instructions";
  }
};

TEST_P(RoutingKernel, AgreesWithTheDefinition) {
  const std::vector<Shape> shapes{
      {1, 1, 1, 1, 1, 1, 1, 1},         {1, 4, 32, 8, 8, 4, 4, 2, 5},
      {2, 3, 7, 13, 20, 4, 4, 3, 5},    {2, 2, 5, 5, 3, 2, 2, 6, 3},
      {1, 2, 8, 1, 9, 1, 2, 4, 5},      {1, 1, 33, 9, 1, 2, 1, 5, 5},
      {1, 2, 16, 12, 12, 12, 12, 1, 0}, {1, 1, 12, 20, 20, 10, 10, 4, 1},
      {3, 1, 4, 3, 3, 8, 8, 1, 7},
  };
  for (const Shape& shape : shapes) {
    Sample sample(shape, 1);
    routingAttention(sample.job, 0, sample.job.items(), GetParam());
    SCOPED_TRACE(std::to_string(shape.height) + " x " + std::to_string(shape.width) + ", width " +
                 std::to_string(shape.headWidth));
    expectDefinition(sample, 2e-6);
  }
}

// The softmax is computed block by block, with a maximum that grows: logits of hundreds must not
// overflow, and blocks whose logits are small must vanish.
TEST_P(RoutingKernel, LargeLogitsStayFinite) {
  for (const float spread : {20.0F, 200.0F}) {
    Sample sample({1, 2, 16, 20, 20, 5, 5, 16, 0}, spread);
    routingAttention(sample.job, 0, sample.job.items(), GetParam());
    expectDefinition(sample, 1e-3);
  }
}

TEST_P(RoutingKernel, ItemsAreIndependent) {
  const Shape shape{2, 2, 8, 9, 7, 3, 3, 2, 5};
  Sample whole(shape, 1), parts(shape, 1);
  routingAttention(whole.job, 0, whole.job.items(), GetParam());
  for (std::int64_t i = parts.job.items() - 1; i >= 0; --i)
    routingAttention(parts.job, i, i + 1, GetParam());
  EXPECT_EQ(whole.output, parts.output);
  Sample one(shape, 1);
  routingAttention(one.job, 4, 5, GetParam());
  std::int64_t written = 0;
  for (const float value : one.output) written += !std::isnan(value);
  EXPECT_EQ(written, 3 * 3 * 16) << "an item writes its own region only";
}

TEST_P(RoutingKernel, NanIsPassedOnNotHidden) {
  Sample sample({1, 1, 8, 4, 4, 2, 2, 4, 0}, 1);
  sample.qkv[static_cast<std::size_t>(5 * sample.job.tokenStride + 8)] =
      std::numeric_limits<float>::quiet_NaN();  // in the key of token 5, which all see
  routingAttention(sample.job, 0, sample.job.items(), GetParam());
  for (const float value : sample.output) EXPECT_TRUE(std::isnan(value));
}

INSTANTIATE_TEST_SUITE_P(Instructions, RoutingKernel, allInstructions(), instructionsName);

TEST(RoutingKernelChoice, TheFastestInstructionsAreSupported) {
  EXPECT_TRUE(supported(fastestInstructions()));
  EXPECT_TRUE(supported(Instructions::kPlain));
}

}  // namespace
}  // namespace inkling::kernels
