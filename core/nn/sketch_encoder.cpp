#include "core/nn/sketch_encoder.h"

#include "core/base/error.h"

namespace inkling {

// Either a strided convolution that opens a stage, or a residual block of two convolutions.
struct SketchEncoder::Unit : Module {
  Conv2d conv1;
  BatchNorm2d norm1;
  std::unique_ptr<Conv2d> conv2;
  std::unique_ptr<BatchNorm2d> norm2;

  Unit(std::int64_t in, std::int64_t out, std::int64_t stride, bool residual, Random& random)
      : conv1(in, out, 3, stride, random), norm1(out) {
    child("conv1", conv1);
    child("norm1", norm1);
    if (residual) {
      conv2 = std::make_unique<Conv2d>(out, out, 3, 1, random);
      norm2 = std::make_unique<BatchNorm2d>(out);
      // The block starts as the identity, which lets deep stacks train from the first step.
      norm2->weight.zero_();
      child("conv2", *conv2);
      child("norm2", *norm2);
    }
  }

  Tensor forward(const Tensor& x) const {
    const Tensor y = at::relu(norm1.forward(conv1.forward(x)));
    return conv2 ? at::relu(x + norm2->forward(conv2->forward(y))) : y;
  }
};

SketchEncoder::SketchEncoder(const SketchEncoderConfig& config, Random& random)
    : config_(config),
      classifier_(config.widths.empty() ? 1 : config.widths.back(), config.words, random) {
  if (config.widths.size() != 4 || config.depths.size() != 4 || config.size % 16 != 0) {
    fail<UsageError>("sketch encoder: needs four widths, four depths and a side that 16 divides");
  }
  std::int64_t channels = 1;
  for (std::size_t stage = 0; stage < config.widths.size(); ++stage) {
    for (std::int64_t block = 0; block <= config.depths[stage]; ++block) {
      auto unit = std::make_unique<Unit>(channels, config.widths[stage], block == 0 ? 2 : 1,
                                         block > 0, random);
      channels = config.widths[stage];
      child("stages." + std::to_string(stage) + "." + std::to_string(block), *unit);
      units_.push_back(unit.get());
      owned_.push_back(std::move(unit));
    }
  }
  child("classifier", classifier_);
}

SketchEncoder::Output SketchEncoder::forward(const Tensor& rasters) const {
  Output output;
  Tensor x = rasters;
  for (const Unit* unit : units_) x = unit->forward(x);
  output.map = x;
  output.pooled = x.mean({2, 3});
  output.logits = classifier_.forward(at::dropout(output.pooled, 0.2, training()));
  const Tensor expected = at::matmul(at::softmax(output.logits, -1), classifier_.weight);
  output.summary = at::cat({output.pooled, expected}, -1);
  return output;
}

}  // namespace inkling
