#include <limits>
#include <stdexcept>

#include <gtest/gtest.h>

#include "core/kernels/cuda/letterbox.h"
#include "tests/kernels/emulation_orders.h"
#include "tests/kernels/letterbox_sample.h"

namespace inkling::kernels {
namespace {

using CudaLetterbox = EmulationTest;

TEST_P(CudaLetterbox, GivesTheSameBitsAsTheProcessor) {
  const std::vector<LetterboxSample> samples = letterboxSamples();
  Letterboxing job = letterboxJob(samples);
  job.bgr = true;
  job.normalise({0.485F, 0.456F, 0.406F}, {0.229F, 0.224F, 0.225F});
  std::vector<float> planes(letterboxNumbers(job), std::numeric_limits<float>::quiet_NaN()),
      twin = planes;
  job.output = twin.data();
  letterbox(job, 0, job.items());
  job.output = planes.data();
  cuda::letterbox(job, nullptr);
  const std::size_t photo = planes.size() / samples.size();
  for (std::size_t i = 0; i < planes.size(); ++i)
    ASSERT_EQ(planes[i], twin[i]) << samples[i / photo].name << ", number " << i % photo;
  EXPECT_GT(threads(), planes.size());
}

TEST_P(CudaLetterbox, HalvesToo) {
  const std::vector<LetterboxSample> samples = {{"smaller", 150, 99, 90, 60},
                                                {"larger", 30, 20, 90, 60}};
  Letterboxing job = letterboxJob(samples);
  job.normalise({0.5F, 0.5F, 0.5F}, {0.3F, 0.2F, 0.1F});
  std::vector<std::uint16_t> planes(letterboxNumbers(job), 0xffff), twin = planes;
  job.halfOutput = twin.data();
  letterbox(job, 0, job.items());
  job.halfOutput = planes.data();
  cuda::letterbox(job, nullptr);
  EXPECT_EQ(planes, twin);
}

TEST_P(CudaLetterbox, WhatMakesNoSenseIsRefused) {
  EXPECT_THROW(cuda::letterbox(Letterboxing{}, nullptr), std::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(Orders, CudaLetterbox, allOrders(), orderName);

}  // namespace
}  // namespace inkling::kernels
