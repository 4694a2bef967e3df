#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/kernels/cuda/sketch_attention.h"
#include "tests/kernels/emulation_orders.h"
#include "tests/kernels/sketch_attention_sample.h"

namespace inkling::kernels {
namespace {

using CudaSketch = EmulationTest;

/// NaN equals NaN: where the processor wrote nothing, the card must not write either.
void expectSame(const std::vector<float>& card, const std::vector<float>& processor,
                double tolerance, const std::string& what) {
  ASSERT_EQ(card.size(), processor.size());
  for (std::size_t i = 0; i < card.size(); ++i) {
    if (std::isnan(processor[i]))
      ASSERT_TRUE(std::isnan(card[i])) << what << ", number " << i;
    else
      ASSERT_NEAR(card[i], processor[i], tolerance) << what << ", number " << i;
  }
}

void expectTwin(SketchSample& sample, SketchSample& twin, const std::string& what) {
  sketchAttention(twin.job, 0, twin.job.items(), Instructions::kPlain);
  cuda::sketchAttention(sample.job, nullptr);
  expectSame(sample.output, twin.output, 1e-5, what + ": output");
  expectSame(sample.map, twin.map, 2e-6, what + ": map");
}

TEST_P(CudaSketch, GivesWhatTheProcessorGives) {
  for (const SketchShape& shape : sketchShapes()) {
    SketchSample sample(shape), twin(shape);
    expectTwin(sample, twin, shape.name());
  }
}

// Over 256 blocks, where it takes those of 32 queries and fewer warps.
TEST_P(CudaSketch, ManyTokens) {
  const SketchShape shape{2, 4090, 33, 2, 3, MapReduction::kMaximum, true};
  SketchSample sample(shape), twin(shape);
  expectTwin(sample, twin, shape.name());
}

TEST_P(CudaSketch, HiddenKeysGetNothing) {
  SketchSample sample({1, 20, 70, 2, 8, MapReduction::kMaximum, true});
  for (std::size_t j = 0; j < 40; ++j)  // a whole tile, the first
    sample.bias[j] = -std::numeric_limits<float>::infinity();
  cuda::sketchAttention(sample.job, nullptr);
  for (std::int64_t token = 0; token < 20; ++token) {
    for (std::int64_t j = 0; j < 40; ++j) ASSERT_EQ(sample.job.map.at(0, token)[j], 0);
    for (std::int64_t c = 0; c < 16; ++c)
      ASSERT_NEAR(sample.job.output.at(0, token)[c], sample.expectedOutput(0, token, c), 1e-5);
  }
}

TEST_P(CudaSketch, APhotoWithoutVisibleKeysIsNan) {
  SketchSample sample({2, 3, 40, 2, 8, MapReduction::kMaximum, true});
  for (std::size_t j = 0; j < 40; ++j) sample.bias[j] = -std::numeric_limits<float>::infinity();
  cuda::sketchAttention(sample.job, nullptr);
  for (std::size_t i = 0; i < sample.output.size(); ++i)
    EXPECT_EQ(std::isnan(sample.output[i]), i < sample.output.size() / 2);
  for (std::size_t i = 0; i < sample.map.size(); ++i)
    EXPECT_EQ(std::isnan(sample.map[i]), i < sample.map.size() / 2);
}

TEST_P(CudaSketch, NanIsPassedOnNotHidden) {
  for (const MapReduction reduction : {MapReduction::kMean, MapReduction::kMaximum}) {
    SketchSample sample({1, 4, 38, 3, 8, reduction});
    sample.key[5 * 24 + 8] = std::numeric_limits<float>::quiet_NaN();  // in the middle head
    cuda::sketchAttention(sample.job, nullptr);
    for (const float number : sample.map) EXPECT_TRUE(std::isnan(number));
    for (std::size_t i = 0; i < sample.output.size(); ++i)
      EXPECT_EQ(std::isnan(sample.output[i]), i % 24 / 8 == 1) << i;
  }
}

TEST_P(CudaSketch, LargeLogitsStayFinite) {
  SketchSample sample({1, 20, 150, 2, 16, MapReduction::kMean}, 50);
  cuda::sketchAttention(sample.job, nullptr);
  for (std::int64_t token = 0; token < 20; ++token) {
    const std::vector<double> map = sample.expectedMap(0, token);
    for (std::size_t j = 0; j < map.size(); ++j)
      ASSERT_NEAR(sample.job.map.at(0, token)[j], map[j], 1e-3);
  }
  for (const float number : sample.output) ASSERT_TRUE(std::isfinite(number));
}

TEST_P(CudaSketch, TheMapIsOptional) {
  const SketchShape shape{1, 20, 40, 2, 8};
  SketchSample with(shape), without(shape);
  without.job.map.first = nullptr;
  cuda::sketchAttention(with.job, nullptr);
  cuda::sketchAttention(without.job, nullptr);
  EXPECT_EQ(with.output, without.output);
  for (const float number : without.map) EXPECT_TRUE(std::isnan(number)) << "written nevertheless";
}

TEST_P(CudaSketch, WhatItCannotDoIsRefused) {
  SketchSample wide({1, 1, 1, 1, 129});
  EXPECT_THROW(cuda::sketchAttention(wide.job, nullptr), cuda::Error);
  SketchSample none({1, 1, 1, 2, 4, MapReduction::kOneHead});
  none.job.mapHead = 2;
  EXPECT_THROW(cuda::sketchAttention(none.job, nullptr), cuda::Error);
  SketchSample many({1, 1, 1, 1000, 1});
  EXPECT_THROW(cuda::sketchAttention(many.job, nullptr), cuda::Error);
  EXPECT_EQ(threads(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Orders, CudaSketch, allOrders(), orderName);

}  // namespace
}  // namespace inkling::kernels
