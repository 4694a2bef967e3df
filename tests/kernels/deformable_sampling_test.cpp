#include "core/kernels/deformable_sampling.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "tests/kernels/all_instructions.h"

namespace inkling::kernels {
namespace {

struct Sample {
  std::vector<float> value, location, weight, output;
  DeformableSampling job;

  Sample(std::vector<std::pair<std::int64_t, std::int64_t>> grids, std::int64_t photos,
         std::int64_t queries, std::int64_t heads, std::int64_t headWidth, std::int64_t points) {
    Random random(1);
    std::int64_t tokens = 0;
    for (const auto& [height, width] : grids) {
      job.levels.push_back({height, width, tokens});
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
    job.value = value.data();
    job.tokenStride = heads * headWidth;
    job.photoStride = tokens * job.tokenStride;
    job.location = location.data();
    job.weight = weight.data();
    job.output = output.data();
    job.photos = photos;
    job.queries = queries;
    job.heads = heads;
    job.headWidth = headWidth;
    job.points = points;
  }

  // The definition: every token counts with its share of each sample, max(0, 1 - distance) in both
  // directions.
  double expected(std::int64_t photo, std::int64_t query, std::int64_t channel) const {
    const auto levels = static_cast<std::int64_t>(job.levels.size());
    const std::int64_t head = channel / job.headWidth;
    double sum = 0;
    for (std::int64_t l = 0; l < levels; ++l) {
      const auto& level = job.levels[static_cast<std::size_t>(l)];
      for (std::int64_t p = 0; p < job.points; ++p) {
        const std::int64_t i =
            (((photo * job.queries + query) * job.heads + head) * levels + l) * job.points + p;
        for (std::int64_t token = 0; token < level.height * level.width; ++token) {
          const auto along = [&](std::int64_t at, std::int64_t axis, std::int64_t size) {
            const double place = job.location[2 * i + axis] * static_cast<double>(size) - 0.5;
            return std::max(0.0, 1 - std::abs(place - static_cast<double>(at)));
          };
          const double share = along(token % level.width, 0, level.width) *
                               along(token / level.width, 1, level.height);
          sum += share * job.weight[i] *
                 job.value[photo * job.photoStride + (level.first + token) * job.tokenStride +
                           channel];
        }
      }
    }
    return sum;
  }
};

class SamplingKernel : public testing::TestWithParam<Instructions> {
 protected:
  void SetUp() override {
    if (!supported(GetParam())) GTEST_SKIP() << "this processor does not have these instructions";
  }
};

TEST_P(SamplingKernel, AgreesWithTheDefinition) {
  for (Sample sample : {Sample({{1, 1}}, 1, 3, 1, 1, 2), Sample({{5, 3}, {7, 7}}, 2, 9, 3, 7, 2),
                        Sample({{13, 20}, {7, 10}, {4, 5}, {1, 2}}, 2, 20, 4, 32, 4),
                        Sample({{1, 9}}, 1, 50, 2, 17, 1)}) {
    sample.job.value = sample.value.data();  // copies have memory of their own
    sample.job.location = sample.location.data();
    sample.job.weight = sample.weight.data();
    sample.job.output = sample.output.data();
    deformableSampling(sample.job, 0, sample.job.items(), GetParam());
    const std::int64_t dim = sample.job.tokenStride;
    for (std::int64_t i = 0; i < sample.job.items() * dim; ++i) {
      const std::int64_t query = i / dim;
      const double wanted =
          sample.expected(query / sample.job.queries, query % sample.job.queries, i % dim);
      ASSERT_NEAR(sample.output[static_cast<std::size_t>(i)], wanted, 2e-5) << i;
    }
  }
}

TEST_P(SamplingKernel, PointsFarAwayOrNowhereGiveZeros) {
  const float inf = std::numeric_limits<float>::infinity(),
              nan = std::numeric_limits<float>::quiet_NaN();
  for (const float where : {-5.0F, 7.0F, 1e30F, -inf, inf, nan}) {
    Sample sample({{4, 4}}, 1, 2, 1, 8, 2);
    std::fill(sample.location.begin(), sample.location.end(), where);
    deformableSampling(sample.job, 0, 2, GetParam());
    for (const float value : sample.output) EXPECT_EQ(value, 0.0F) << where;
  }
}

TEST_P(SamplingKernel, ItemsAreIndependent) {
  Sample whole({{6, 5}, {3, 2}}, 2, 7, 2, 8, 3), parts({{6, 5}, {3, 2}}, 2, 7, 2, 8, 3);
  deformableSampling(whole.job, 0, whole.job.items(), GetParam());
  for (std::int64_t i = parts.job.items() - 1; i >= 0; --i)
    deformableSampling(parts.job, i, i + 1, GetParam());
  EXPECT_EQ(whole.output, parts.output);
}

INSTANTIATE_TEST_SUITE_P(Instructions, SamplingKernel, allInstructions(), instructionsName);

}  // namespace
}  // namespace inkling::kernels
