#include "core/nn/swin_ram.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/error.h"

namespace inkling {
namespace {

// What all blocks of a stage share.
struct Surroundings {
  Tensor windowBias;       // undefined in blocks without a shift
  Tensor photoPosition;    // [B, H, W, D], or undefined: detection tokens do not see the photo
  Tensor crossBias;        // [B, 1, 1, H * W]
  Tensor objectPositions;  // [1, objects, positionDim]
};

/// Masks [B, h, w] (bool) at another size, by the nearest entry.
Tensor resizedMask(const Tensor& mask, std::int64_t height, std::int64_t width) {
  if (mask.size(1) == height && mask.size(2) == width) return mask;
  return at::upsample_nearest2d(mask.unsqueeze(0).to(at::kFloat), {height, width})
      .squeeze(0)
      .to(at::kBool);
}

Tensor paddedTo(const Tensor& grid, std::int64_t multiple) {  // [B, H, W, C]
  const auto missing = [&](std::int64_t size) { return (multiple - size % multiple) % multiple; };
  const std::int64_t right = missing(grid.size(2)), bottom = missing(grid.size(1));
  return right + bottom == 0 ? grid : at::constant_pad_nd(grid, {0, 0, 0, right, 0, bottom});
}

const SwinRamConfig& checked(const SwinRamConfig& config) {
  const auto stages = static_cast<std::int64_t>(config.depths.size());
  if (stages == 0 || config.heads.size() != config.depths.size()) {
    fail<UsageError>("Swin: {} stages and {} numbers of heads", stages, config.heads.size());
  }
  if (config.objects < 1 || config.window < 1 || config.patch < 1)
    throw UsageError("Swin: detection tokens, windows and patches have a size of at least 1");
  for (std::int64_t i = 0; i < stages; ++i) {
    const std::int64_t heads = config.heads[static_cast<std::size_t>(i)],
                       dim = config.embedDim << i;
    if (heads < 1 || dim % heads != 0)
      fail<UsageError>("Swin: the width {} is not a multiple of {} heads", dim, heads);
  }
  for (const std::int64_t stage : config.crossStages) {
    if (stage < 0 || stage >= stages) fail<UsageError>("Swin: there is no stage {}", stage);
    if ((config.embedDim << stage) % 4 != 0) {
      fail<UsageError>("Swin: sine positions need a multiple of 4 channels, not {}",
                       config.embedDim << stage);
    }
  }
  return config;
}

}  // namespace

Tensor maskedSinePosition(const Tensor& padding, std::int64_t dim) {
  const std::int64_t half = dim / 2;
  const Tensor there = padding.logical_not().to(at::kFloat);
  const Tensor even = at::arange(0, half, 2, there.options()) / static_cast<double>(half);
  const Tensor frequency = at::pow(at::full_like(even, 10000.0), even);
  const auto waves = [&](std::int64_t axis) {
    const Tensor counted = there.cumsum(axis);
    const Tensor last = counted.narrow(axis, counted.size(axis) - 1, 1);
    const Tensor angle =
        (counted / (last + 1e-6) * (2 * std::numbers::pi)).unsqueeze(-1) / frequency;
    return at::stack({angle.sin(), angle.cos()}, -1).flatten(-2);  // sine and cosine by turns
  };
  return at::cat({waves(1), waves(2)}, -1);
}

struct SwinRam::Embedding : Module {
  Conv2d proj;
  std::unique_ptr<LayerNorm> norm;
  Embedding(const SwinRamConfig& config, Random& random)
      : proj(config.channels, config.embedDim, config.patch, config.patch, random, true) {
    child("proj", proj);
    if (!config.patchNorm) return;
    norm = std::make_unique<LayerNorm>(config.embedDim);
    child("norm", *norm);
  }
  /// [B, 3, H, W] to [B, rows, columns, embedDim]; the last patches are filled up with zeros.
  Tensor forward(const Tensor& photos) const {
    const std::int64_t patch = proj.stride;
    const Tensor whole = paddedTo(photos.permute({0, 2, 3, 1}), patch).permute({0, 3, 1, 2});
    const Tensor tokens =
        at::conv2d(whole, proj.weight, proj.bias, {patch, patch}).permute({0, 2, 3, 1});
    return norm ? norm->forward(tokens) : tokens;
  }
};

struct SwinRam::Block : Module {
  LayerNorm norm1, norm2;
  ReconfiguredAttention attn;
  Mlp mlp;
  Linear det_pos_linear;
  std::int64_t shift;

  Block(const SwinRamConfig& config, std::int64_t dim, std::int64_t heads, bool shifted,
        Random& random)
      : norm1(dim),
        norm2(dim),
        attn(dim, config.window, heads, config.qkvBias, config.logitScale, random),
        mlp(dim, static_cast<std::int64_t>(static_cast<double>(dim) * config.mlpRatio), dim,
            random),
        det_pos_linear(config.positionDim, dim, random),
        shift(shifted ? config.window / 2 : 0) {
    child("norm1", norm1);
    child("attn", attn);
    child("norm2", norm2);
    child("mlp", mlp);
    child("det_pos_linear", det_pos_linear);
  }

  using Tokens = ReconfiguredAttention::Tokens;

  Tokens attend(const Tokens& tokens, const Surroundings& around) const {
    const Tensor photo = norm1.forward(tokens.photo);
    const Tensor objects =
        norm1.forward(tokens.objects) + det_pos_linear.forward(around.objectPositions);
    ReconfiguredAttention::Cross cross;
    if (around.photoPosition.defined()) {
      cross.photo = (photo + around.photoPosition).flatten(1, 2);
      cross.bias = around.crossBias;
    }
    Tensor whole = paddedTo(photo, attn.window);
    if (shift > 0) whole = whole.roll({-shift, -shift}, {1, 2});
    Tokens result = attn.forward({whole, objects}, shift > 0 ? around.windowBias : Tensor(), cross);
    if (shift > 0) result.photo = result.photo.roll({shift, shift}, {1, 2});
    result.photo = result.photo.narrow(1, 0, photo.size(1)).narrow(2, 0, photo.size(2));
    return result;
  }

  Tokens forward(const Tokens& tokens, const Surroundings& around) const {
    const Tokens attended = attend(tokens, around);
    const auto finish = [&](const Tensor& before, const Tensor& change) {
      const Tensor x = before + change;
      return x + mlp.forward(norm2.forward(x));
    };
    return {finish(tokens.photo, attended.photo), finish(tokens.objects, attended.objects)};
  }
};

// Four neighbours become one token of another width; a detection token stands for four of itself.
struct SwinRam::Merging : Module {
  LayerNorm norm;
  Linear reduction;
  Merging(std::int64_t dim, std::int64_t out, Random& random)
      : norm(4 * dim), reduction(4 * dim, out, random, false) {
    child("norm", norm);
    child("reduction", reduction);
  }
  Block::Tokens forward(const Block::Tokens& tokens) const {
    const Tensor whole = paddedTo(tokens.photo, 2);
    std::vector<Tensor> corners;
    for (const std::int64_t column : {0, 1}) {
      for (const std::int64_t row : {0, 1})
        corners.push_back(whole.slice(1, row, {}, 2).slice(2, column, {}, 2));
    }
    const auto reduce = [&](const Tensor& x) { return reduction.forward(norm.forward(x)); };
    return {reduce(at::cat(corners, -1)), reduce(tokens.objects.repeat({1, 1, 4}))};
  }
};

struct SwinRam::Stage : Module {
  std::vector<std::unique_ptr<Block>> blocks;
  std::unique_ptr<Merging> downsample;
  std::int64_t dim, window;
  bool crosses;

  Stage(const SwinRamConfig& config, std::size_t number, Random& random)
      : dim(config.embedDim << number),
        window(config.window),
        crosses(std::find(config.crossStages.begin(), config.crossStages.end(),
                          static_cast<std::int64_t>(number)) != config.crossStages.end()) {
    for (std::int64_t i = 0; i < config.depths[number]; ++i) {
      blocks.push_back(
          std::make_unique<Block>(config, dim, config.heads[number], i % 2 == 1, random));
      child("blocks." + std::to_string(i), *blocks.back());
    }
    constexpr std::int64_t kNeckWidth = 256;
    const bool last = number + 1 == config.depths.size();
    if (last && !config.neck) return;
    downsample = std::make_unique<Merging>(dim, last ? kNeckWidth : 2 * dim, random);
    child("downsample", *downsample);
  }

  Block::Tokens forward(Block::Tokens tokens, const Tensor& padding,
                        const Tensor& objectPositions) const {
    const std::int64_t height = tokens.photo.size(1), width = tokens.photo.size(2);
    const auto whole = [&](std::int64_t size) { return (size + window - 1) / window * window; };
    Surroundings around;
    around.objectPositions = objectPositions;
    if (window / 2 > 0) {
      around.windowBias = shiftedWindowBias(whole(height), whole(width), window, window / 2)
                              .to(tokens.photo.options());
    }
    if (crosses) {
      const Tensor mask = resizedMask(padding, height, width);
      around.photoPosition = maskedSinePosition(mask, dim).to(tokens.photo.scalar_type());
      around.crossBias =
          mask.flatten(1).unsqueeze(1).unsqueeze(1).to(tokens.photo.scalar_type()) * -100.0;
    }
    for (const auto& block : blocks) tokens = block->forward(tokens, around);
    return tokens;
  }
};

SwinRam::SwinRam(const SwinRamConfig& config, Random& random)
    : config_(checked(config)),
      objectTokens_(truncatedNormal({1, config.objects, config.embedDim}, 0.02, random)),
      objectPositions_(truncatedNormal({1, config.objects, config.positionDim}, 0.02, random)) {
  parameter("det_token", objectTokens_);
  parameter("det_pos_embed", objectPositions_);
  embedding_ = std::make_unique<Embedding>(config, random);
  child("patch_embed", *embedding_);
  for (std::size_t i = 0; i < config.depths.size(); ++i) {
    stages_.push_back(std::make_unique<Stage>(config, i, random));
    child("layers." + std::to_string(i), *stages_.back());
  }
}

SwinRam::~SwinRam() = default;

SwinRam::Output SwinRam::forward(const Tensor& photos, const Tensor& padding) const {
  const auto channelsFirst = [](const Tensor& grid) { return grid.permute({0, 3, 1, 2}); };
  Block::Tokens tokens{embedding_->forward(photos), objectTokens_.expand({photos.size(0), -1, -1})};
  // Officially the mask goes through this size first, whichever stages use it.
  const auto shrink = std::int64_t{1} << std::max<std::int64_t>(
                          0, static_cast<std::int64_t>(config_.depths.size()) -
                                 static_cast<std::int64_t>(config_.crossStages.size()));
  Tensor mask = padding;
  if (!config_.crossStages.empty()) {
    mask = resizedMask(padding, std::max<std::int64_t>(1, tokens.photo.size(1) / shrink),
                       std::max<std::int64_t>(1, tokens.photo.size(2) / shrink));
  }
  Output output;
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    const Block::Tokens done = stages_[i]->forward(tokens, mask, objectPositions_);
    if (i > 0) output.features.push_back(channelsFirst(done.photo));
    tokens = stages_[i]->downsample ? stages_[i]->downsample->forward(done) : done;
    output.objects = done.objects.transpose(1, 2);
  }
  output.features.push_back(channelsFirst(tokens.photo));
  output.objectPositions = objectPositions_.transpose(1, 2);
  return output;
}

}  // namespace inkling
