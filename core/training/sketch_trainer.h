// Stage one: the sketch encoder learns to name the words of QuickDraw.
#pragma once

#include "core/nn/sketch_encoder.h"
#include "core/sketch/rasterise.h"
#include "core/training/run_context.h"
#include "core/training/sketch_set.h"
#include "core/training/stroke_augmentation.h"

namespace inkling {

/// Widths of the pen that drawings are rastered with, in pixels of the raster.
struct PenWidths {
  double low = 1.1, high = 2.4;
};

struct SketchTrainerOptions {
  StageOptions stage;
  std::int64_t batch = 128;
  double labelSmoothing = 0.1;
  StrokeAugmentation augmentation;
  PenWidths pen;
  double filled = 0;  ///< share of the drawings that come as filled shapes: read back, only an
                      ///< outline is left of them
};

/// Rasters [B, 1, size, size] of sketches as they are, with the default pen.
Tensor rasterBatch(const std::vector<const Sketch*>& sketches, std::int64_t size);

/// The same with augmentation and a random pen, drawn from `random`; the share `filled` of them as
/// filled shapes.
Tensor augmentedBatch(const std::vector<const Sketch*>& sketches, std::int64_t size,
                      const StrokeAugmentation& augmentation, const PenWidths& pen, Random& random,
                      double filled = 0);

/// Share of `set`'s drawings whose best word is right.
double sketchAccuracy(const SketchEncoder& encoder, const SketchSet& set, std::int64_t limit = 0);

/// Trains `encoder` on `train`; logs "top1" on `held` at each checkpoint.
void trainSketchEncoder(SketchEncoder& encoder, const SketchSet& train, const SketchSet& held,
                        const SketchTrainerOptions& options, const RunContext& context);

}  // namespace inkling
