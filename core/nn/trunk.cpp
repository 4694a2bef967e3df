#include "core/nn/trunk.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/geometry/nms.h"
#include "core/nn/box_ops.h"

namespace inkling {
namespace {

constexpr std::int64_t kCandidates = 2000;

void pad(PhotoTensors& photo, std::int64_t wanted, bool classes) {
  const std::int64_t missing = wanted - photo.count;
  if (missing <= 0) return;
  photo.boxes = at::cat({photo.boxes, at::full({missing, 4}, 0.5)});
  photo.objectness = at::cat({photo.objectness, at::full({missing}, 1e-4)});
  if (classes)
    photo.classes = at::cat({photo.classes, at::zeros({missing, TrunkConfig::kDetectorClasses})});
}

// Cuts boxes at the photo's edge: what lies in the padding cannot be part of an object.
Tensor clipToContent(const Tensor& boxes, const TrunkInput& input) {
  const Tensor half = boxes.slice(1, 2, 4) / 2, centre = boxes.slice(1, 0, 2);
  const Tensor limit =
      at::tensor({static_cast<float>(input.contentWidth), static_cast<float>(input.contentHeight)});
  const Tensor low = at::minimum((centre - half).clamp_min(0), limit),
               high = at::minimum((centre + half).clamp_min(0), limit);
  return at::cat({(low + high) / 2, high - low}, 1);
}

}  // namespace

Tensor decodeYolox(const Tensor& raw, std::int64_t side) {
  std::vector<Tensor> cells, strides;
  for (const std::int64_t stride : {8, 16, 32}) {
    const std::int64_t count = side / stride;
    const Tensor axis = at::arange(count, at::kFloat);
    const Tensor x = axis.unsqueeze(0).expand({count, count}).reshape({-1}),
                 y = axis.unsqueeze(1).expand({count, count}).reshape({-1});
    cells.push_back(at::stack({x, y}, 1));
    strides.push_back(at::full({count * count, 1}, static_cast<float>(stride)));
  }
  const Tensor cell = at::cat(cells), stride = at::cat(strides);
  const Tensor centre = (raw.slice(1, 0, 2) + cell) * stride;
  const Tensor size = raw.slice(1, 2, 4).clamp_max(12).exp() * stride;
  return at::cat({centre, size}, 1) / static_cast<double>(side);
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

PhotoTensors Trunk::describe(const TrunkInput& input) const {
  const at::NoGradGuard noGrad;
  PhotoTensors photo;
  if (config_.guidance.mode == "early") {
    const auto& blocks = config_.guidance.earlyBlocks;
    photo.stem = vit_->tokensBefore(input.vit, *std::min_element(blocks.begin(), blocks.end()))[0];
  } else {
    const auto outputs = vit_->run(vit_->embed(input.vit), 0, config_.trunk.vitBlocks);
    std::vector<Tensor> parts;
    for (const std::int64_t block : config_.trunk.vitBlocks)
      parts.push_back(outputs.at(block)[0].slice(0, 1));
    photo.tokens = at::cat(parts, 1);
  }
  if (cnn_) photo.cnnMap = cnn_->features(input.cnn)[0];
  if (detector_) {
    propose(input, photo);
  } else {
    gridProposals(input, photo);
  }
  return photo;
}

Tensor Trunk::describeDrawings(const Tensor& rasters) const {
  const std::int64_t side = config_.trunk.vitResolution, patch = config_.trunk.vit.patch;
  const Tensor ink = at::upsample_bilinear2d(rasters, {side, side}, /*align_corners=*/false);
  const auto normalised = [&](std::size_t channel) {
    return (1 - ink - kPixelMean[channel]) / kPixelDeviation[channel];
  };
  const Tensor paper = at::cat({normalised(0), normalised(1), normalised(2)}, 1);
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
  const auto outputs = vit_->run(stem, *std::min_element(blocks.begin(), blocks.end()),
                                 config_.trunk.vitBlocks, hook);
  std::vector<Tensor> parts;
  for (const std::int64_t block : config_.trunk.vitBlocks)
    parts.push_back(outputs.at(block).slice(1, 1));
  return at::cat(parts, 2);
}

void Trunk::propose(const TrunkInput& input, PhotoTensors& photo) const {
  const std::int64_t side = config_.trunk.detectorResolution;
  const Tensor raw = detector_->forward(input.detector)[0];
  const Tensor boxes = clipToContent(decodeYolox(raw, side), input);
  const Tensor objectness = raw.select(1, 4);
  // Any class will do: a proposal is good when something is there.
  const Tensor score = (objectness * std::get<0>(raw.slice(1, 5).max(1)).sqrt()).contiguous();
  const Tensor candidates =
      std::get<1>(score.topk(std::min<std::int64_t>(kCandidates, score.size(0))));
  const Tensor candidateScores = score.index_select(0, candidates);
  const std::vector<Box> plain = plainBoxes(boxes.index_select(0, candidates));
  const std::span<const float> scores(candidateScores.data_ptr<float>(), plain.size());
  const auto kept = nonMaximumSuppression(plain, scores, config_.trunk.proposalOverlap,
                                          static_cast<std::size_t>(config_.trunk.proposals));
  std::vector<std::int64_t> index(kept.begin(), kept.end());
  const Tensor chosen = candidates.index_select(0, at::tensor(index, at::kLong));
  photo.count = static_cast<std::int64_t>(index.size());
  photo.boxes = boxes.index_select(0, chosen);
  photo.objectness = objectness.index_select(0, chosen).clamp(1e-4, 1);
  photo.classes = raw.slice(1, 5).index_select(0, chosen);
  pad(photo, config_.trunk.proposals, true);
}

// Without a detector: boxes of several sizes and shapes over the whole photo, coarse ones first.
void Trunk::gridProposals(const TrunkInput& input, PhotoTensors& photo) const {
  constexpr std::array<double, 3> kAspects{1.0, 0.5, 2.0};
  std::vector<float> values;
  for (int level = 1;
       static_cast<std::int64_t>(values.size() / 4) < config_.trunk.proposals && level < 40;
       ++level) {
    const double side = std::max(input.contentWidth, input.contentHeight) / (0.5 + 0.5 * level);
    for (const double aspect : kAspects) {
      const double width = std::min(side * std::sqrt(aspect), input.contentWidth);
      const double height = std::min(side / std::sqrt(aspect), input.contentHeight);
      for (int row = 0; row < level; ++row) {
        for (int column = 0; column < level; ++column) {
          const double x = level == 1 ? 0.5 : static_cast<double>(column) / (level - 1);
          const double y = level == 1 ? 0.5 : static_cast<double>(row) / (level - 1);
          values.push_back(static_cast<float>(width / 2 + x * (input.contentWidth - width)));
          values.push_back(static_cast<float>(height / 2 + y * (input.contentHeight - height)));
          values.push_back(static_cast<float>(width));
          values.push_back(static_cast<float>(height));
        }
      }
    }
  }
  photo.count =
      std::min<std::int64_t>(config_.trunk.proposals, static_cast<std::int64_t>(values.size() / 4));
  photo.boxes = at::tensor(values).view({-1, 4}).slice(0, 0, photo.count).contiguous();
  photo.objectness = at::full({photo.count}, 0.5);
  pad(photo, config_.trunk.proposals, false);
}

}  // namespace inkling
