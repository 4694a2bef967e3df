// core/kernels/letterbox.h against the four passes of core/image/resize.h.
#include <cmath>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/geometry/letterbox.h"
#include "core/image/resize.h"
#include "core/kernels/letterbox.h"

namespace inkling {
namespace {

Image noise(Size size) {
  Random random(7);
  Image image(size);
  for (std::uint8_t& value : image.rgb) value = static_cast<std::uint8_t>(random.below(256));
  return image;
}

std::vector<float> inOnePass(const Image& image, Size frame, const LetterboxOptions& options) {
  const Size content = Letterbox(image.size(), frame).content();
  kernels::Letterboxing job;
  job.photos = {{image.rgb.data(), 3 * std::int64_t{image.width}, image.width, image.height,
                 content.width, content.height}};
  job.frameWidth = frame.width;
  job.frameHeight = frame.height;
  job.bgr = options.bgr;
  job.padding = options.padding;
  if (options.unitScale) job.normalise(options.mean, options.std);
  std::vector<float> planes(static_cast<std::size_t>(3 * job.items() * frame.width));
  job.output = planes.data();
  kernels::letterbox(job, 0, job.items());
  return planes;
}

// Noise is the hardest of pictures: neighbours differ by all there is.
const Size kPhotos[] = {{1280, 960}, {1920, 1080}, {4032, 3024}, {999, 777}, {768, 576},
                        {853, 640},  {641, 480},   {640, 640},   {500, 375}, {320, 240},
                        {100, 75},   {37, 211},    {5, 5},       {1, 1},     {3000, 2},
                        {2, 3000},   {960, 720},   {107, 640}};

TEST(LetterboxTwin, IsAtMostOneLevelOffInFewPixels) {
  for (const Size size : kPhotos) {
    const Image image = noise(size);
    const LetterboxOptions raw{.unitScale = false};
    const std::vector<float> wanted = letterboxPlanes(image, {640, 640}, raw),
                             planes = inOnePass(image, {640, 640}, raw);
    ASSERT_EQ(planes.size(), wanted.size());
    std::size_t different = 0;
    for (std::size_t i = 0; i < planes.size(); ++i) {
      ASSERT_LE(std::abs(planes[i] - wanted[i]), 1.0F) << size.width << " x " << size.height;
      different += planes[i] != wanted[i] ? 1 : 0;
    }
    const double share = static_cast<double>(different) / static_cast<double>(planes.size());
    EXPECT_LT(share, 0.01) << size.width << " x " << size.height;
  }
}

TEST(LetterboxTwin, NormalisesAlike) {
  LetterboxOptions options{.mean = {0.485F, 0.456F, 0.406F}, .std = {0.229F, 0.224F, 0.225F}};
  for (const bool bgr : {false, true}) {
    options.bgr = bgr;
    const Image image = noise({90, 60});  // to the same size, so that no pixel is rounded
    const std::vector<float> wanted = letterboxPlanes(image, {90, 100}, options),
                             planes = inOnePass(image, {90, 100}, options);
    ASSERT_EQ(planes.size(), wanted.size());
    for (std::size_t i = 0; i < planes.size(); ++i) ASSERT_NEAR(planes[i], wanted[i], 1e-6);
  }
}

}  // namespace
}  // namespace inkling
