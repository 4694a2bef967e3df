// The sketch encoder: a residual network on the rasterised drawing, trained first to name
// QuickDraw's words. What it gives to the rest of the model is a 4x4 map of tokens and a summary
// that knows how sure it is.
#pragma once

#include <memory>
#include <vector>

#include "core/nn/layers.h"

namespace inkling {

struct SketchEncoderConfig {
  std::int64_t size = 64;  ///< side of the raster in pixels; a multiple of 16
  std::vector<std::int64_t> widths = {32, 64, 128, 256};  ///< channels at strides 2, 4, 8, 16
  std::vector<std::int64_t> depths = {0, 1, 1, 1};        ///< residual blocks at each stride
  std::int64_t words = 345;                               ///< classes of the pre-training
};

class SketchEncoder : public Module {
 public:
  SketchEncoder(const SketchEncoderConfig& config, Random& random);

  struct Output {
    Tensor map;      ///< [B, C, size/16, size/16]
    Tensor pooled;   ///< [B, C] mean over the map
    Tensor logits;   ///< [B, words]
    Tensor summary;  ///< [B, 2C] pooled, and the mean of the classifier's rows under its own word
                     ///< probabilities
  };

  /// Rasters [B, 1, size, size], 0 paper to 1 ink.
  Output forward(const Tensor& rasters) const;

  const SketchEncoderConfig& config() const { return config_; }
  std::int64_t channels() const { return config_.widths.back(); }

 private:
  struct Unit;
  SketchEncoderConfig config_;
  std::vector<std::unique_ptr<Module>> owned_;
  std::vector<Unit*> units_;
  Linear classifier_;
};

}  // namespace inkling
