#include "core/training/sketch_trainer.h"

#include <algorithm>
#include <numeric>

#include "core/base/error.h"
#include "core/nn/mixed_precision.h"
#include "core/sketch/drawing_styles.h"

namespace inkling {
namespace {

Tensor emptyRasters(std::size_t count, std::int64_t size) {
  return at::empty({static_cast<std::int64_t>(count), 1, size, size}, at::kFloat);
}

// Position `index` of an endless sequence of shuffled passes over 0 .. count-1.
class Shuffled {
 public:
  Shuffled(std::size_t count, std::uint64_t seed) : order_(count), seed_(seed) {}
  std::size_t at(std::size_t index) {
    const std::size_t epoch = index / order_.size();
    if (epoch != epoch_) {
      std::iota(order_.begin(), order_.end(), 0);
      Random(mixSeed(seed_, epoch)).shuffle(order_);
      epoch_ = epoch;
    }
    return order_[index % order_.size()];
  }

 private:
  std::vector<std::size_t> order_;
  std::uint64_t seed_;
  std::size_t epoch_ = static_cast<std::size_t>(-1);
};

// What a reader makes of the drawing as a filled shape.
Sketch filledOrSame(const Sketch& sketch) {
  try {
    return restyled(sketch, DrawingStyle::kFilled, 0);
  } catch (const InputError&) {
    return sketch;  // a dot, say, has no outline
  }
}

}  // namespace

Tensor rasterBatch(const std::vector<const Sketch*>& sketches, std::int64_t size) {
  Tensor rasters = emptyRasters(sketches.size(), size);
  RasterOptions options;
  options.size = static_cast<int>(size);
  for (std::size_t i = 0; i < sketches.size(); ++i) {
    const std::vector<float> pixels = rasterise(*sketches[i], options);
    std::copy(pixels.begin(), pixels.end(), rasters.data_ptr<float>() + i * pixels.size());
  }
  return rasters;
}

Tensor augmentedBatch(const std::vector<const Sketch*>& sketches, std::int64_t size,
                      const StrokeAugmentation& augmentation, const PenWidths& pen, Random& random,
                      double filled) {
  Tensor rasters = emptyRasters(sketches.size(), size);
  for (std::size_t i = 0; i < sketches.size(); ++i) {
    RasterOptions options;
    options.size = static_cast<int>(size);
    options.lineWidth = static_cast<float>(random.uniform(pen.low, pen.high));
    options.margin = static_cast<float>(random.uniform(1.5, 5.0));
    const bool fill = filled > 0 && random.chance(filled);
    const Sketch sketch =
        augment(fill ? filledOrSame(*sketches[i]) : *sketches[i], augmentation, random);
    const std::vector<float> pixels = rasterise(sketch, options);
    std::copy(pixels.begin(), pixels.end(), rasters.data_ptr<float>() + i * pixels.size());
  }
  return rasters;
}

double sketchAccuracy(const SketchEncoder& encoder, const SketchSet& set, std::int64_t limit) {
  const at::NoGradGuard noGrad;
  constexpr std::size_t kBatch = 256;
  const std::size_t count =
      limit > 0 ? std::min<std::size_t>(set.size(), static_cast<std::size_t>(limit)) : set.size();
  // With a limit, drawings are taken evenly over the file, which is sorted by word.
  const auto pick = [&](std::size_t i) { return i * set.size() / count; };
  std::int64_t right = 0;
  for (std::size_t start = 0; start < count; start += kBatch) {
    const std::size_t end = std::min(start + kBatch, count);
    std::vector<const Sketch*> sketches;
    std::vector<std::int64_t> labels;
    for (std::size_t i = start; i < end; ++i) {
      sketches.push_back(&set.sketches[pick(i)]);
      labels.push_back(set.labels[pick(i)]);
    }
    const Tensor rasters = rasterBatch(sketches, encoder.config().size).to(encoder.device());
    const Tensor best = encoder.forward(rasters).logits.argmax(-1).cpu();
    right += (best == at::tensor(labels)).sum().item<std::int64_t>();
  }
  return static_cast<double>(right) / static_cast<double>(count);
}

void trainSketchEncoder(SketchEncoder& encoder, const SketchSet& train, const SketchSet& held,
                        const SketchTrainerOptions& options, const RunContext& context) {
  StageRunner runner("sketch", encoder, options.stage, context);
  Shuffled order(train.size(), context.seed);
  const auto step = [&](std::int64_t i) {
    std::vector<const Sketch*> sketches;
    std::vector<std::int64_t> labels;
    for (std::int64_t k = 0; k < options.batch; ++k) {
      const std::size_t index = order.at(static_cast<std::size_t>(i * options.batch + k));
      sketches.push_back(&train.sketches[index]);
      labels.push_back(train.labels[index]);
    }
    Random random(runner.seedFor(i));
    const Tensor rasters = augmentedBatch(sketches, encoder.config().size, options.augmentation,
                                          options.pen, random, options.filled)
                               .to(context.device);
    const Tensor target = at::tensor(labels).to(context.device);
    const Tensor logits = widened(encoder.forward(rasters).logits);
    const Tensor loss = at::cross_entropy_loss(logits, target, {}, at::Reduction::Mean, -100,
                                               options.labelSmoothing);
    const Tensor right = (logits.argmax(-1) == target).to(at::kFloat).mean();
    return StepResult{loss, {{"train_top1", right}}};
  };
  runner.run(step, [&] {
    return std::map<std::string, double>{{"top1", sketchAccuracy(encoder, held, 3450)}};
  });
}

}  // namespace inkling
