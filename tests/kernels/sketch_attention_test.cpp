#include "core/kernels/sketch_attention.h"

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/kernels/all_instructions.h"
#include "tests/kernels/sketch_attention_sample.h"

namespace inkling::kernels {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

class SketchKernel : public testing::TestWithParam<Instructions> {
 protected:
  void SetUp() override {
    if (!supported(GetParam())) GTEST_SKIP() << "this processor does not have these instructions";
  }
  void run(SketchSample& sample) const {
    sketchAttention(sample.job, 0, sample.job.items(), GetParam());
  }
};

TEST_P(SketchKernel, AgreesWithTheDefinition) {
  for (const SketchShape& shape : sketchShapes()) {
    SketchSample sample(shape);
    run(sample);
    const SketchAttention& job = sample.job;
    for (std::int64_t photo = 0; photo < job.photos; ++photo) {
      for (std::int64_t token = 0; token < job.tokens; ++token) {
        for (std::int64_t c = 0; c < job.heads * job.headWidth; ++c)
          ASSERT_NEAR(job.output.at(photo, token)[c], sample.expectedOutput(photo, token, c), 5e-6)
              << shape.name() << ", token " << token << ", channel " << c;
        const std::vector<double> map = sample.expectedMap(photo, token);
        for (std::size_t j = 0; j < map.size(); ++j)
          ASSERT_NEAR(job.map.at(photo, token)[j], map[j], 2e-6) << shape.name() << ", key " << j;
      }
    }
  }
}

TEST_P(SketchKernel, RowsOfTheMeanMapAddUpToOne) {
  SketchSample sample({1, 50, 41, 6, 8, MapReduction::kMean, true});
  run(sample);
  for (std::int64_t token = 0; token < 50; ++token) {
    double sum = 0;
    for (std::int64_t j = 0; j < 41; ++j) sum += sample.job.map.at(0, token)[j];
    EXPECT_NEAR(sum, 1, 1e-6);
  }
}

TEST_P(SketchKernel, TheOrderOfKeysIsThatOfTheMap) {
  const SketchShape shape{1, 9, 20, 2, 8};
  SketchSample sample(shape), swapped(shape);
  for (std::int64_t c = 0; c < 16; ++c) {  // keys 4 and 17
    std::swap(swapped.key[static_cast<std::size_t>(4 * 16 + c)],
              swapped.key[static_cast<std::size_t>(17 * 16 + c)]);
    std::swap(swapped.value[static_cast<std::size_t>(4 * 16 + c)],
              swapped.value[static_cast<std::size_t>(17 * 16 + c)]);
  }
  run(sample);
  run(swapped);
  for (std::int64_t token = 0; token < 9; ++token) {
    for (std::int64_t j = 0; j < 20; ++j) {
      const std::int64_t other = j == 4 ? 17 : j == 17 ? 4 : j;
      EXPECT_NEAR(sample.job.map.at(0, token)[j], swapped.job.map.at(0, token)[other], 1e-6);
    }
    for (std::int64_t c = 0; c < 16; ++c)
      EXPECT_NEAR(sample.job.output.at(0, token)[c], swapped.job.output.at(0, token)[c], 1e-5);
  }
}

// Bias -infinity is as if the key were not there.
TEST_P(SketchKernel, HiddenKeysGetNothing) {
  SketchSample hidden({1, 9, 20, 2, 8}), fewer({1, 9, 20, 2, 8});
  hidden.bias.assign(20, 0);
  for (std::size_t j = 12; j < 20; ++j) hidden.bias[j] = -kInfinity;
  hidden.job.keyBias = hidden.bias.data();
  fewer.job.keys = 12;
  run(hidden);
  run(fewer);
  for (std::int64_t token = 0; token < 9; ++token) {
    for (std::int64_t j = 0; j < 12; ++j)
      EXPECT_NEAR(hidden.job.map.at(0, token)[j], fewer.job.map.at(0, token)[j], 1e-6);
    for (std::int64_t j = 12; j < 20; ++j) EXPECT_EQ(hidden.job.map.at(0, token)[j], 0);
  }
  for (std::size_t i = 0; i < hidden.output.size(); ++i)
    EXPECT_NEAR(hidden.output[i], fewer.output[i], 1e-5);
}

// As PyTorch's softmax; the other photo is not touched by it.
TEST_P(SketchKernel, APhotoWithoutVisibleKeysIsNan) {
  SketchSample sample({2, 3, 18, 2, 8, MapReduction::kMaximum, true});
  for (std::size_t j = 0; j < 18; ++j) sample.bias[j] = -kInfinity;
  run(sample);
  for (std::size_t i = 0; i < sample.output.size(); ++i)
    EXPECT_EQ(std::isnan(sample.output[i]), i < sample.output.size() / 2);
  for (std::size_t i = 0; i < sample.map.size(); ++i)
    EXPECT_EQ(std::isnan(sample.map[i]), i < sample.map.size() / 2);
}

TEST_P(SketchKernel, NanIsPassedOnNotHidden) {
  for (const MapReduction reduction : {MapReduction::kMean, MapReduction::kMaximum}) {
    SketchSample sample({1, 4, 18, 3, 8, reduction});
    sample.key[5 * 24 + 8] = std::numeric_limits<float>::quiet_NaN();  // in the middle head
    run(sample);
    for (const float number : sample.map) EXPECT_TRUE(std::isnan(number));
    for (std::size_t i = 0; i < sample.output.size(); ++i)
      EXPECT_EQ(std::isnan(sample.output[i]), i % 24 / 8 == 1) << i;
  }
}

TEST_P(SketchKernel, LargeLogitsStayFinite) {
  SketchSample sample({1, 20, 300, 2, 16, MapReduction::kMean}, 50);
  run(sample);
  for (std::int64_t token = 0; token < 20; ++token) {
    const std::vector<double> map = sample.expectedMap(0, token);
    for (std::size_t j = 0; j < map.size(); ++j)
      ASSERT_NEAR(sample.job.map.at(0, token)[j], map[j], 1e-3);
  }
  for (const float number : sample.output) ASSERT_TRUE(std::isfinite(number));
}

TEST_P(SketchKernel, ItemsAreIndependent) {
  const SketchShape shape{2, 150, 17, 2, 8, MapReduction::kMean, true};
  SketchSample whole(shape), parts(shape), one(shape);
  ASSERT_EQ(whole.job.items(), 6);
  run(whole);
  for (std::int64_t i = parts.job.items() - 1; i >= 0; --i)
    sketchAttention(parts.job, i, i + 1, GetParam());
  EXPECT_EQ(whole.output, parts.output);
  EXPECT_EQ(whole.map, parts.map);
  sketchAttention(one.job, 5, 6, GetParam());
  for (std::size_t i = 0; i < one.output.size(); ++i)
    EXPECT_EQ(std::isnan(one.output[i]), i < (150 + 128) * 16) << "an item writes its own tokens";
}

TEST_P(SketchKernel, TheMapIsOptional) {
  const SketchShape shape{1, 20, 17, 2, 8};
  SketchSample with(shape), without(shape);
  without.job.map.first = nullptr;
  run(with);
  run(without);
  EXPECT_EQ(with.output, without.output);
}

INSTANTIATE_TEST_SUITE_P(Instructions, SketchKernel, allInstructions(), instructionsName);

}  // namespace
}  // namespace inkling::kernels
