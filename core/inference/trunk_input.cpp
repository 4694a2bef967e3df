#include "core/inference/trunk_input.h"

#include <algorithm>

#include "core/image/resize.h"

namespace inkling {
namespace {

Tensor letterboxed(const Image& photo, std::int64_t side, const LetterboxOptions& options) {
  const int pixels = static_cast<int>(side);
  const std::vector<float> planes = letterboxPlanes(photo, {pixels, pixels}, options);
  Tensor tensor = at::empty({1, 3, side, side}, at::kFloat);
  std::copy(planes.begin(), planes.end(), tensor.data_ptr<float>());
  return tensor;
}

}  // namespace

TrunkInput makeTrunkInput(const Image& photo, const TrunkConfig& config) {
  TrunkInput input;
  LetterboxOptions vit;
  vit.mean = kPixelMean;
  vit.std = kPixelDeviation;
  input.vit = letterboxed(photo, config.vitResolution, vit);
  if (config.cnnResolution > 0) {
    LetterboxOptions cnn;
    cnn.mean = {0.498F, 0.498F, 0.498F};
    cnn.std = {0.502F, 0.502F, 0.502F};
    input.cnn = letterboxed(photo, config.cnnResolution, cnn);
  }
  if (config.detectorResolution > 0) {
    LetterboxOptions detector;
    detector.bgr = true;
    detector.unitScale = false;
    input.detector = letterboxed(photo, config.detectorResolution, detector);
  }
  const double longer = std::max(photo.width, photo.height);
  input.content = at::tensor({static_cast<float>(photo.width / longer),
                              static_cast<float>(photo.height / longer)})
                      .unsqueeze(0);
  return input;
}

}  // namespace inkling
