#include "core/nn/trunk.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/nn/box_ops.h"
#include "core/nn/suppression.h"

namespace inkling {
namespace {

constexpr std::int64_t kCandidates = 2000;

// Cuts boxes [B, n, 4] at the photo's edge: what lies in the padding cannot be part of an object.
Tensor clipToContent(const Tensor& boxes, const Tensor& content) {
  const Tensor half = boxes.slice(-1, 2, 4) / 2, centre = boxes.slice(-1, 0, 2);
  const Tensor limit = content.unsqueeze(1);
  const Tensor low = at::minimum((centre - half).clamp_min(0), limit),
               high = at::minimum((centre + half).clamp_min(0), limit);
  return at::cat({(low + high) / 2, high - low}, -1);
}

Tensor contentOf(const TrunkInput& input) {
  return input.content.defined() ? input.content
                                 : at::ones({input.vit.size(0), 2}, input.vit.options());
}

// Rows [B, K, ...] at `index` [B, P], and `padding` where `valid` [B, P] is false.
Tensor chosenRows(const Tensor& rows, const Tensor& index, const Tensor& valid, double padding) {
  if (rows.dim() == 2) return rows.gather(1, index).masked_fill(at::logical_not(valid), padding);
  return rows.gather(1, index.unsqueeze(-1).expand({-1, -1, rows.size(2)}))
      .masked_fill(at::logical_not(valid).unsqueeze(-1), padding);
}

constexpr double kNoObjectness = 1e-4;

// `count` boxes [count, 4] over a photo that covers so much of the square.
Tensor gridBoxes(double contentWidth, double contentHeight, std::int64_t count) {
  constexpr std::array<double, 3> kAspects{1.0, 0.5, 2.0};
  std::vector<float> values;
  for (int level = 1; static_cast<std::int64_t>(values.size() / 4) < count; ++level) {
    const double side = std::max(contentWidth, contentHeight) / (0.5 + 0.5 * level);
    for (const double aspect : kAspects) {
      const double width = std::min(side * std::sqrt(aspect), contentWidth);
      const double height = std::min(side / std::sqrt(aspect), contentHeight);
      for (int row = 0; row < level; ++row) {
        for (int column = 0; column < level; ++column) {
          const double x = level == 1 ? 0.5 : static_cast<double>(column) / (level - 1);
          const double y = level == 1 ? 0.5 : static_cast<double>(row) / (level - 1);
          values.push_back(static_cast<float>(width / 2 + x * (contentWidth - width)));
          values.push_back(static_cast<float>(height / 2 + y * (contentHeight - height)));
          values.push_back(static_cast<float>(width));
          values.push_back(static_cast<float>(height));
        }
      }
    }
  }
  return at::tensor(values).view({-1, 4}).slice(0, 0, count);
}

}  // namespace

Tensor decodeYolox(const Tensor& raw, std::int64_t side) {
  std::vector<Tensor> cells, strides;
  for (const std::int64_t stride : {8, 16, 32}) {
    const std::int64_t count = side / stride;
    const Tensor axis = at::arange(count, raw.options());
    const Tensor x = axis.unsqueeze(0).expand({count, count}).reshape({-1}),
                 y = axis.unsqueeze(1).expand({count, count}).reshape({-1});
    cells.push_back(at::stack({x, y}, 1));
    strides.push_back(at::full({count * count, 1}, static_cast<double>(stride), raw.options()));
  }
  const Tensor cell = at::cat(cells), stride = at::cat(strides);
  const Tensor centre = (raw.slice(-1, 0, 2) + cell) * stride;
  const Tensor size = raw.slice(-1, 2, 4).clamp_max(12).exp() * stride;
  return at::cat({centre, size}, -1) / static_cast<double>(side);
}

Trunk::Trunk(const ModelConfig& config, const StateDict& state, const Json& detectorGraph,
             const std::string& source)
    : config_(config), graph_(detectorGraph) {
  const at::NoGradGuard noGrad;
  Random random(1);
  VisionTransformerConfig vit = config.trunk.vit;
  // Blocks after the last one whose tokens are used would only cost space.
  vit.depth = *std::max_element(config.trunk.vitBlocks.begin(), config.trunk.vitBlocks.end()) + 1;
  vit_ = std::make_unique<VisionTransformer>(vit, random);
  vit_->load(state, source, "trunk.vit.");
  if (config.trunk.cnnResolution > 0)
    cnn_ = std::make_unique<EfficientNetLite>(state, source, "trunk.cnn.");
  if (config.trunk.detectorResolution > 0)
    detector_ = std::make_unique<GraphNetwork>(detectorGraph, state, source, "trunk.detector.");
}

void Trunk::moveTo(at::Device device, at::ScalarType type) {
  vit_->moveTo(device, type);
  if (cnn_) cnn_->moveTo(device, type);
  if (detector_) detector_->moveTo(device, type);
  type_ = type;
}

TrunkOutput Trunk::describeBatch(const TrunkInput& input) const {
  const at::NoGradGuard noGrad;
  TrunkOutput photos;
  const Tensor pixels = input.vit.to(type_);
  if (config_.guidance.mode == "early") {
    const auto& blocks = config_.guidance.earlyBlocks;
    photos.stem =
        vit_->tokensBefore(pixels, *std::min_element(blocks.begin(), blocks.end())).to(at::kFloat);
  } else {
    const auto outputs = vit_->run(vit_->embed(pixels), 0, config_.trunk.vitBlocks);
    std::vector<Tensor> parts;
    for (const std::int64_t block : config_.trunk.vitBlocks)
      parts.push_back(outputs.at(block).slice(1, 1));
    photos.tokens = at::cat(parts, 2);
  }
  if (cnn_) photos.cnnMap = cnn_->features(input.cnn.to(type_)).to(at::kFloat);
  if (detector_) {
    propose(input, photos);
  } else {
    gridProposals(input, photos);
  }
  return photos;
}

PhotoTensors Trunk::describe(const TrunkInput& input) const {
  const TrunkOutput photos = describeBatch(input);
  const auto first = [](const Tensor& rows) { return rows.defined() ? rows[0] : Tensor(); };
  return {first(photos.tokens),
          first(photos.stem),
          first(photos.cnnMap),
          first(photos.boxes),
          first(photos.objectness),
          first(photos.classes),
          photos.valid[0].sum().item<std::int64_t>()};
}

Tensor Trunk::describeDrawings(const Tensor& rasters) const {
  const std::int64_t side = config_.trunk.vitResolution, patch = config_.trunk.vit.patch;
  const Tensor ink = at::upsample_bilinear2d(rasters, {side, side}, /*align_corners=*/false);
  const auto normalised = [&](std::size_t channel) {
    return (1 - ink - kPixelMean[channel]) / kPixelDeviation[channel];
  };
  const Tensor paper = at::cat({normalised(0), normalised(1), normalised(2)}, 1).to(type_);
  const auto outputs = vit_->run(vit_->embed(paper), 0, config_.trunk.vitBlocks);
  const Tensor covered = at::avg_pool2d(ink, {patch, patch}).flatten(1).unsqueeze(-1);
  std::vector<Tensor> parts;
  for (const std::int64_t block : config_.trunk.vitBlocks)
    parts.push_back((outputs.at(block).slice(1, 1) * covered).sum(1) /
                    covered.sum(1).clamp_min(1e-6));
  return at::cat(parts, 1);
}

Tensor Trunk::continueFromStem(const Tensor& stem, const VisionTransformer::Hook& hook) const {
  const auto& blocks = config_.guidance.earlyBlocks;
  // What the hook fuses with is float32, whatever the blocks compute with.
  const auto widened = [&](const Tensor& tokens, std::int64_t block) {
    return hook(tokens.to(at::kFloat), block).to(type_);
  };
  const auto outputs = vit_->run(stem.to(type_), *std::min_element(blocks.begin(), blocks.end()),
                                 config_.trunk.vitBlocks, widened);
  std::vector<Tensor> parts;
  for (const std::int64_t block : config_.trunk.vitBlocks)
    parts.push_back(outputs.at(block).slice(1, 1));
  return at::cat(parts, 2);
}

void Trunk::propose(const TrunkInput& input, TrunkOutput& photos) const {
  const std::int64_t side = config_.trunk.detectorResolution;
  const Tensor raw = detector_->forward(input.detector.to(type_)).to(at::kFloat);
  const Tensor boxes = clipToContent(decodeYolox(raw, side), contentOf(input));
  const Tensor objectness = raw.select(2, 4), classes = raw.slice(2, 5);
  // Any class will do: a proposal is good when something is there.
  const Tensor score = objectness * std::get<0>(classes.max(2)).sqrt();
  const auto [candidateScores, candidates] =
      score.topk(std::min<std::int64_t>(kCandidates, score.size(1)), 1);
  const Tensor candidateBoxes =
      boxes.gather(1, candidates.unsqueeze(-1).expand({-1, -1, boxes.size(2)}));
  const Survivors survivors = suppressed(candidateBoxes, candidateScores,
                                         config_.trunk.proposalOverlap, config_.trunk.proposals);
  const Tensor chosen = candidates.gather(1, survivors.index);
  photos.valid = survivors.valid;
  photos.boxes = chosenRows(boxes, chosen, photos.valid, 0.5);
  photos.objectness =
      chosenRows(objectness.clamp(kNoObjectness, 1), chosen, photos.valid, kNoObjectness);
  photos.classes = chosenRows(classes, chosen, photos.valid, 0);
}

// Without a detector: boxes of several sizes and shapes over the whole photo, coarse ones first.
void Trunk::gridProposals(const TrunkInput& input, TrunkOutput& photos) const {
  const std::int64_t count = config_.trunk.proposals;
  const Tensor content = contentOf(input).to(at::kCPU, at::kDouble).contiguous();
  std::vector<Tensor> boxes;
  for (std::int64_t photo = 0; photo < content.size(0); ++photo) {
    const double* share = content.const_data_ptr<double>() + 2 * photo;
    boxes.push_back(gridBoxes(share[0], share[1], count));
  }
  const auto options = input.vit.options().dtype(at::kFloat);
  photos.boxes = at::stack(boxes).to(options.device());
  photos.objectness = at::full({content.size(0), count}, 0.5, options);
  photos.valid = at::ones({content.size(0), count}, options.dtype(at::kBool));
}

}  // namespace inkling
