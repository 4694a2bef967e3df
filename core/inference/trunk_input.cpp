#include "core/inference/trunk_input.h"

#include <algorithm>
#include <array>

#include "core/geometry/letterbox.h"
#include "core/image/resize.h"
#include "core/kernels/cuda/letterbox.h"
#include "core/nn/device.h"

namespace inkling {
namespace {

Tensor letterboxed(const Image& photo, std::int64_t side, const LetterboxOptions& options) {
  const int pixels = static_cast<int>(side);
  const std::vector<float> planes = letterboxPlanes(photo, {pixels, pixels}, options);
  Tensor tensor = at::empty({1, 3, side, side}, at::kFloat);
  std::copy(planes.begin(), planes.end(), tensor.data_ptr<float>());
  return tensor;
}

// `pixels` [height, width, 3] lie on the card.
Tensor letterboxedOnCard(const Tensor& pixels, std::int64_t side, const LetterboxOptions& options) {
  const Size photo{static_cast<int>(pixels.size(1)), static_cast<int>(pixels.size(0))};
  const Size frame{static_cast<int>(side), static_cast<int>(side)};
  const Size content = Letterbox(photo, frame).content();
  const Tensor planes = at::empty({1, 3, side, side}, pixels.options().dtype(at::kFloat));
  kernels::Letterboxing job;
  job.photos = {{pixels.const_data_ptr<std::uint8_t>(), 3 * std::int64_t{photo.width}, photo.width,
                 photo.height, content.width, content.height}};
  job.frameWidth = frame.width;
  job.frameHeight = frame.height;
  job.bgr = options.bgr;
  job.padding = options.padding;
  if (options.unitScale) job.normalise(options.mean, options.std);
  job.output = planes.mutable_data_ptr<float>();
  startOnCard(pixels, [&](auto stream) { kernels::cuda::letterbox(job, stream); });
  return planes;
}

LetterboxOptions normalisedBy(const std::array<float, 3>& mean, const std::array<float, 3>& std) {
  LetterboxOptions options;
  options.mean = mean;
  options.std = std;
  return options;
}

LetterboxOptions rawBgr() {
  LetterboxOptions options;
  options.bgr = true;
  options.unitScale = false;
  return options;
}

}  // namespace

TrunkInput makeTrunkInput(const Image& photo, const TrunkConfig& config, at::Device device) {
  Tensor pixels;
  // Larger photos than the kernel takes are left to the processor.
  constexpr int kMost = kernels::Letterboxing::kMostPixels;
  if (device.is_cuda() && !photo.empty() && std::max(photo.width, photo.height) <= kMost) {
    pixels = at::empty({photo.height, photo.width, 3}, at::kByte);
    std::copy(photo.rgb.begin(), photo.rgb.end(), pixels.mutable_data_ptr<std::uint8_t>());
    pixels = pixels.to(device);
  }
  const auto square = [&](std::int64_t side, const LetterboxOptions& options) {
    return pixels.defined() ? letterboxedOnCard(pixels, side, options)
                            : letterboxed(photo, side, options).to(device);
  };
  TrunkInput input;
  input.vit = square(config.vitResolution, normalisedBy(kPixelMean, kPixelDeviation));
  if (config.cnnResolution > 0)
    input.cnn = square(config.cnnResolution,
                       normalisedBy({0.498F, 0.498F, 0.498F}, {0.502F, 0.502F, 0.502F}));
  if (config.detectorResolution > 0) input.detector = square(config.detectorResolution, rawBgr());
  const double longer = std::max(photo.width, photo.height);
  input.content = at::tensor({static_cast<float>(photo.width / longer),
                              static_cast<float>(photo.height / longer)})
                      .unsqueeze(0)
                      .to(device);
  return input;
}

}  // namespace inkling
